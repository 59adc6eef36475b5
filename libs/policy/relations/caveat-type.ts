/**
 * The types that a caveat's parameters may have, in SpiceDB's words, and how JSON becomes their values. An `int` or `uint` is a
 * bigint here and a `double` a number, so that CEL's rule against mixing them can be kept; inside `any` a JSON number is a double.
 */

import { fromBase64 } from '@gatehouse/crypto/bytes'

const scalars = ['any', 'bool', 'string', 'int', 'uint', 'double', 'bytes', 'duration', 'timestamp', 'ipaddress'] as const
export type ScalarName = (typeof scalars)[number] | 'null'
export type CaveatType = { readonly name: ScalarName } | { readonly name: 'list' | 'map'; readonly of: CaveatType }

export const isScalar = (name: string): name is ScalarName => (scalars as readonly string[]).includes(name)

export class Timestamp {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}

export class Duration {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}

/** An address as a number of 32 or 128 bits. */
export class IpAddress {
  readonly bits: 32 | 128
  readonly value: bigint
  constructor(bits: 32 | 128, value: bigint) {
    this.bits = bits
    this.value = value
  }
}

export type Value = boolean | string | bigint | number | null | Uint8Array | Timestamp | Duration | IpAddress | readonly Value[] | ReadonlyMap<Value, Value>

export function typeText(type: CaveatType): string {
  return 'of' in type ? `${type.name}<${typeText(type.of)}>` : type.name
}

/** `any` fits everything, both ways: its values are judged when they are there. */
export function fits(left: CaveatType, right: CaveatType): boolean {
  if (left.name === 'any' || right.name === 'any') return true
  if (left.name !== right.name) return false
  return !('of' in left && 'of' in right) || fits(left.of, right.of)
}

const int64Min = -(2n ** 63n)
const int64Max = 2n ** 63n - 1n
const uint64Max = 2n ** 64n - 1n

export const inInt = (value: bigint): boolean => value >= int64Min && value <= int64Max
export const inUint = (value: bigint): boolean => value >= 0n && value <= uint64Max

/** @returns the value of a type that a JSON value stands for, or `undefined` where it stands for none */
export function valueFrom(type: CaveatType, json: unknown): Value | undefined {
  switch (type.name) {
    case 'any':
      return anyValue(json)
    case 'bool':
      return typeof json === 'boolean' ? json : undefined
    case 'string':
      return typeof json === 'string' ? json : undefined
    case 'int':
    case 'uint':
      return integer(json, type.name === 'int' ? inInt : inUint)
    case 'double':
      return typeof json === 'number' ? json : undefined
    case 'bytes':
      return typeof json === 'string' ? fromBase64(json) : undefined
    case 'duration':
      return typeof json === 'string' ? parseDuration(json) : undefined
    case 'timestamp':
      return typeof json === 'string' ? parseTimestamp(json) : undefined
    case 'ipaddress':
      return typeof json === 'string' ? parseAddress(json) : undefined
    case 'list':
      return Array.isArray(json) ? every(json.map((item) => valueFrom(type.of, item))) : undefined
    case 'map': {
      if (json === null || typeof json !== 'object' || Array.isArray(json)) return undefined
      const names = Object.keys(json)
      const values = every(names.map((name) => valueFrom(type.of, (json as Record<string, unknown>)[name])))
      return values && new Map(names.map((name, at) => [name, values[at] ?? null]))
    }
    default:
      return json === null ? null : undefined
  }
}

function anyValue(json: unknown): Value | undefined {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json
  if (typeof json === 'number') return Number.isFinite(json) ? json : undefined
  if (typeof json !== 'object') return undefined
  return valueFrom({ name: Array.isArray(json) ? 'list' : 'map', of: { name: 'any' } }, json)
}

function every(values: readonly (Value | undefined)[]): readonly Value[] | undefined {
  return values.every((value) => value !== undefined) ? (values as readonly Value[]) : undefined
}

/** Whole numbers also come as text, since JSON cannot hold every one of 64 bits. */
function integer(json: unknown, within: (value: bigint) => boolean): bigint | undefined {
  const whole = typeof json === 'number' ? Number.isSafeInteger(json) : typeof json === 'string' && /^-?\d{1,20}$/.test(json)
  if (!whole) return undefined
  const value = BigInt(json as number | string)
  return within(value) ? value : undefined
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/

/** RFC 3339, to the nanosecond. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = rfc3339.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`)
  if (Number.isNaN(milliseconds)) return undefined
  return new Timestamp(BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0') || '0'))
}

const nanosOf: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 }

/** Go's durations, as CEL has them: `1h30m`, `-1.5s`. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^([+-]?)((?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(text.slice(0, 64))
  if (!match || text.length > 64) return undefined
  let nanos = 0
  for (const [, count = '0', unit = ''] of (match[2] ?? '').matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) nanos += Number(count) * (nanosOf[unit] ?? 0)
  return Number.isSafeInteger(Math.round(nanos)) || nanos < 9.2e18 ? new Duration(BigInt(Math.round(nanos)) * (match[1] === '-' ? -1n : 1n)) : undefined
}

export function parseAddress(text: string): IpAddress | undefined {
  if (text.includes(':')) return parseSix(text)
  const value = parseFour(text)
  return value === undefined ? undefined : new IpAddress(32, value)
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function parseSix(text: string): IpAddress | undefined {
  // A dotted tail, as in ::ffff:192.0.2.1, is two groups.
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const four = tail?.[2] === undefined ? undefined : parseFour(tail[2])
  if (tail && four === undefined) return undefined
  const whole = tail && four !== undefined ? `${tail[1]}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}` : text
  const halves = whole.split('::')
  if (halves.length > 2) return undefined
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - rest.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...rest]
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined
  return new IpAddress(
    128,
    groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n),
  )
}

/** @returns whether the address lies in the network, or `undefined` where the text names none */
export function inNetwork(address: IpAddress, cidr: string): boolean | undefined {
  const [base = '', length = '', ...more] = cidr.split('/')
  const network = parseAddress(base)
  if (network === undefined || more.length > 0 || !/^\d{1,3}$/.test(length) || Number(length) > network.bits) return undefined
  if (network.bits !== address.bits) return false
  const shift = BigInt(network.bits - Number(length))
  return network.value >> shift === address.value >> shift
}
