/**
 * The part of a file that a `Range` header asks for (RFC 9110 section 14.2). `undefined` for the whole file: also where several parts
 * are asked for, or in a unit that is not known, which a server may pass over. `none` where the file has no such bytes.
 */
export function rangeOf(text: string | undefined, size: number): { readonly start: number; readonly end: number } | 'none' | undefined {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text ?? '') ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined
  if (from === '') return Number(to) === 0 || size === 0 ? 'none' : { start: Math.max(0, size - Number(to)), end: size }
  const start = Number(from)
  if (to !== '' && Number(to) < start) return undefined
  return start >= size ? 'none' : { start, end: to === '' ? size : Math.min(size, Number(to) + 1) }
}
