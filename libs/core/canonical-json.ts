/**
 * JSON Canonicalization Scheme (RFC 8785): one text for one value, so that it can be hashed and signed.
 * Properties are sorted by UTF-16 code units, numbers are written as ECMAScript writes them.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** With the `u` flag a paired surrogate is one code point, so only lone ones match. */
const loneSurrogate = /\p{Surrogate}/u

/**
 * The canonical text of a value. Members that are `undefined` are left out, as JSON.stringify does.
 * @throws TypeError for what JSON cannot carry: NaN, infinities, lone surrogates, functions, bigints, cycles too deep to write
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (loneSurrogate.test(value)) throw new TypeError('canonical JSON cannot carry a lone surrogate')
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`canonical JSON cannot carry ${value}`)
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      break
    default:
      throw new TypeError(`canonical JSON cannot carry a ${typeof value}`)
  }
  if (value === null) return 'null'
  if (Array.isArray(value)) {
    let text = '['
    for (let i = 0; i < value.length; i++) text += (i ? ',' : '') + canonicalJson(value[i] === undefined ? null : value[i])
    return `${text}]`
  }
  const object = value as Record<string, unknown>
  const keys = Object.keys(object).sort()
  let text = '{'
  for (const key of keys) {
    const member = object[key]
    if (member === undefined) continue
    text += `${text.length > 1 ? ',' : ''}${canonicalJson(key)}:${canonicalJson(member)}`
  }
  return `${text}}`
}
