/** Letters that no decomposition takes apart (Unicode has no mapping for a stroke), as they are written where only a to z can be. */
const strokes: Readonly<Record<string, string>> = { ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i', ŋ: 'n', ŧ: 't' }
const stroke = /[øæœßłđðþħıŋŧ]/g
/** Marks over and under Latin, Greek and Cyrillic letters. Vowel signs of other scripts are no decoration and stay. */
const diacritic = /[\u0300-\u036f]/g
const plainAscii = /^[\x20-\x7e]*$/

/** Lower case without diacritics, in NFC: "Müller" and "MULLER" become "muller", "Ørsted" becomes "orsted". */
export function fold(text: string): string {
  if (plainAscii.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(diacritic, '')
    .toLowerCase()
    .replace(diacritic, '')
    .replace(stroke, (letter) => strokes[letter] ?? letter)
    .normalize('NFC')
}

/** The length in code points. */
export function lengthOf(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00) length--
  }
  return length
}
