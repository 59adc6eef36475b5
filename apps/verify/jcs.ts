/** The canonical text of a parsed JSON value (RFC 8785), written from the standard. */

const depthMax = 200

/** @throws RangeError for what has no canonical text: lone surrogates, numbers JSON cannot carry, nesting past 200 levels */
export function canonical(value: unknown, depth = 0): string {
  if (depth > depthMax) throw new RangeError(`nested deeper than ${depthMax} levels`)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`
  if (typeof value !== 'object') throw new RangeError(`not a JSON value: ${typeof value}`)
  // Comparing strings compares UTF-16 code units, which is the order of section 3.2.3.
  const members = Object.entries(value).map(([name, member]) => [name, canonical(member, depth + 1)] as const)
  const sorted = members.sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${sorted.map(([name, text]) => `${quoted(name)}:${text}`).join(',')}}`
}

/** Whether a text is the canonical one of the value that was parsed from it. */
export function isCanonical(text: string, value: unknown): boolean {
  // Writing a sorted value is much faster than building the canonical text. Where the two may differ the latter decides: numbers as
  // names, which parsing moves to the front, and lone surrogates, which writing escapes.
  if (!text.includes('\\ud') && isSorted(value, 0) && JSON.stringify(value) === text) return true
  return canonical(value) === text
}

function isSorted(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth > depthMax) return false
  let before: string | undefined
  for (const name in value) {
    if (before !== undefined && !Array.isArray(value) && before >= name) return false
    before = name
    if (!isSorted((value as Record<string, unknown>)[name], depth + 1)) return false
  }
  return true
}

function quoted(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new RangeError('a string holds a lone surrogate')
  return JSON.stringify(text)
}
