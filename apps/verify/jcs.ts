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

function quoted(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new RangeError('a string holds a lone surrogate')
  return JSON.stringify(text)
}
