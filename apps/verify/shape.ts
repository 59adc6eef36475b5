/** Values of parsed JSON, read strictly: each reader gives the value or names the place where it has another shape. */
import { fromBase64 } from './encoding.ts'
import { Fault } from './report.ts'

export function object(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Fault(place, 'not an object')
  return value as Record<string, unknown>
}

export function members(value: unknown, place: string, required: readonly string[], optional: readonly string[] = []): Record<string, unknown> {
  const found = object(value, place)
  for (const name of required) if (!Object.hasOwn(found, name)) throw new Fault(place, `"${name}" is missing`)
  const known = new Set([...required, ...optional])
  for (const name of Object.keys(found)) if (!known.has(name)) throw new Fault(place, `${JSON.stringify(name)} is no member of this format`)
  return found
}

export function each<T>(value: unknown, place: string, read: (item: unknown, place: string) => T): T[] {
  if (!Array.isArray(value)) throw new Fault(place, 'not a list')
  return value.map((item, at) => read(item, `${place}/${at}`))
}

export function text1(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') throw new Fault(place, 'not a text, or an empty one')
  return value
}

export function matching(value: unknown, place: string, form: RegExp, what: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw new Fault(place, `not ${what}`)
  return value
}

export function uuid(value: unknown, place: string): string {
  return matching(value, place, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID in lower case')
}

export function hash(value: unknown, place: string): string {
  return matching(value, place, /^[0-9a-f]{64}$/, 'a SHA-256 hash in lower-case hexadecimal')
}

export function instant(value: unknown, place: string): string {
  return matching(value, place, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'a time such as 2026-11-22T09:30:00.000Z')
}

export function count(value: unknown, place: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Fault(place, 'not a whole number from 0 on')
  return value as number
}

export function base64(value: unknown, place: string, length?: number): Uint8Array {
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined
  if (bytes === undefined) throw new Fault(place, 'not base64 with padding')
  if (length !== undefined && bytes.length !== length) throw new Fault(place, `${bytes.length} bytes instead of ${length}`)
  return bytes
}
