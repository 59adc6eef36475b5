const groups = 'bfpv=1 cgjkqsxz=2 dt=3 l=4 mn=5 r=6'
const digitOf = new Map(groups.split(' ').flatMap((group) => [...group.slice(0, -2)].map((letter) => [letter, group.slice(-1)] as const)))
const codeLength = 4

/**
 * American Soundex (National Archives, 1918 and 1922): first letter and three digits for the consonants behind it. Letters other
 * than a to z are passed over. "robert" and "rupert" give r163.
 * @returns undefined where the text holds no letter from a to z
 */
export function soundex(name: string): string | undefined {
  const letters = name.replace(/[^a-z]/g, '')
  const first = letters.charAt(0)
  if (first === '') return undefined
  let code = first
  let before = digitOf.get(first)
  for (const letter of letters.slice(1)) {
    const digit = digitOf.get(letter)
    if (digit !== undefined && digit !== before) code += digit
    // Between two letters of one group, h and w do not part them; vowels do.
    if (letter !== 'h' && letter !== 'w') before = digit
    if (code.length === codeLength) break
  }
  return code.padEnd(codeLength, '0')
}
