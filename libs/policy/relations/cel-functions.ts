/** The functions and operators of CEL that caveats may use, chosen by the types of what they are given. */

import { Absent, type Frame } from './absent.ts'
import {
  type CaveatType,
  Duration,
  fits,
  IpAddress,
  inInt,
  inNetwork,
  inUint,
  parseAddress,
  parseDuration,
  parseTimestamp,
  Timestamp,
  typeText,
  type Value,
} from './caveat-type.ts'

type Apply = (a: Value, b: Value, c: Value, frame: Frame) => Value | Absent

interface CelFunction {
  readonly type: CaveatType
  readonly apply: Apply
}

/** Characters of text, or of a pattern, that an evaluation may search. */
const searchMax = 10_000

const bool: CaveatType = { name: 'bool' }
const numeric = new Set(['int', 'uint', 'double'])
const wrongType = new Absent('the values are not of a type that can be compared or computed')
const overflow = new Absent('a number is out of its range')
const divisionByZero = new Absent('a division by zero')

/** @returns the function, or a sentence that says why there is none */
export function functionFor(name: string, method: boolean, types: readonly CaveatType[]): CelFunction | string {
  const shown = name.replace(/^_?(.*?)_?$/, '$1').replace('@', '')
  const find = method ? methods[name] : functions[name]
  const found = find?.(types)
  if (found !== undefined) return found
  const given = types.map(typeText).join(', ')
  return find === undefined ? `the function "${shown}" is not carried` : `"${shown}" does not take (${given})`
}

type Find = (types: readonly CaveatType[]) => CelFunction | undefined

const anyOf = (type: CaveatType | undefined, ...names: string[]): boolean => type !== undefined && (type.name === 'any' || names.includes(type.name))

const order =
  (holds: (sign: number) => boolean): Find =>
  ([a, b]) => {
    if (a === undefined || b === undefined || !(fits(a, b) || (numeric.has(a.name) && numeric.has(b.name)))) return undefined
    if (!anyOf(a, 'int', 'uint', 'double', 'string', 'bool', 'timestamp', 'duration', 'bytes')) return undefined
    // Two whole numbers or two texts, which is nearly always, need no look at what they are.
    if ((a.name === 'int' && b.name === 'int') || (a.name === 'uint' && b.name === 'uint') || (a.name === 'string' && b.name === 'string')) {
      return { type: bool, apply: (x, y) => holds((x as bigint) < (y as bigint) ? -1 : (x as bigint) > (y as bigint) ? 1 : 0) }
    }
    return {
      type: bool,
      apply: (x, y) => {
        const sign = compare(x, y)
        return sign === undefined ? wrongType : holds(sign)
      },
    }
  }

function compare(x: Value, y: Value): number | undefined {
  if (x instanceof Timestamp && y instanceof Timestamp) return compareBig(x.nanos, y.nanos)
  if (x instanceof Duration && y instanceof Duration) return compareBig(x.nanos, y.nanos)
  const numbers = (typeof x === 'bigint' || typeof x === 'number') && (typeof y === 'bigint' || typeof y === 'number')
  if (numbers || (typeof x === typeof y && (typeof x === 'string' || typeof x === 'boolean'))) {
    if (Number.isNaN(x) || Number.isNaN(y)) return undefined
    return (x as number) < (y as number) ? -1 : (x as number) > (y as number) ? 1 : 0
  }
  return undefined
}

const compareBig = (x: bigint, y: bigint): number => (x < y ? -1 : x > y ? 1 : 0)

export function equal(x: Value, y: Value): boolean {
  if (x === y) return true
  if ((typeof x === 'bigint' && typeof y === 'number') || (typeof x === 'number' && typeof y === 'bigint')) return compare(x, y) === 0
  if (x instanceof Timestamp || x instanceof Duration) return compare(x, y) === 0
  if (x instanceof IpAddress) return y instanceof IpAddress && x.bits === y.bits && x.value === y.value
  if (x instanceof Uint8Array) return y instanceof Uint8Array && x.length === y.length && x.every((byte, at) => byte === y[at])
  if (Array.isArray(x)) return Array.isArray(y) && x.length === y.length && x.every((item: Value, at) => equal(item, y[at] as Value))
  if (x instanceof Map) return y instanceof Map && x.size === y.size && [...x].every(([key, value]) => y.has(key) && equal(value, y.get(key) as Value))
  return false
}

const equality =
  (wanted: boolean): Find =>
  ([a, b]) => {
    if (a === undefined || b === undefined) return undefined
    const mixed = numeric.has(a.name) && numeric.has(b.name)
    if (!fits(a, b) && !mixed && a.name !== 'null' && b.name !== 'null') return undefined
    const plain = a.name === b.name && ['int', 'uint', 'string', 'bool'].includes(a.name)
    return { type: bool, apply: plain ? (x, y) => (x === y) === wanted : (x, y) => equal(x, y) === wanted }
  }

/** One arithmetic operator: on whole numbers within their 64 bits, on doubles, never mixed. */
const arithmetic =
  (whole: (x: bigint, y: bigint) => bigint | Absent, double?: (x: number, y: number) => number, other?: Find): Find =>
  (types) => {
    const [a, b] = types
    const special = other?.(types)
    if (special !== undefined) return special
    if (a === undefined || b === undefined || !fits(a, b) || !anyOf(a, 'int', 'uint', 'double') || !anyOf(b, 'int', 'uint', 'double')) return undefined
    const type = a.name === 'any' ? b : a
    const within = type.name === 'uint' ? inUint : inInt
    return {
      type,
      apply: (x, y) => {
        if (typeof x === 'bigint' && typeof y === 'bigint') {
          const result = whole(x, y)
          return result instanceof Absent || within(result) ? result : overflow
        }
        return typeof x === 'number' && typeof y === 'number' && double !== undefined ? double(x, y) : wrongType
      },
    }
  }

const plusOther: Find = ([a, b]) => {
  if (a?.name === 'string' && b?.name === 'string') return { type: a, apply: (x, y) => joined(x as string, y as string) }
  if (a?.name === 'list' && b?.name === 'list') {
    return { type: fits(a, b) ? a : { name: 'list', of: { name: 'any' } }, apply: (x, y) => concatenated(x, y) }
  }
  if (a?.name === 'timestamp' && b?.name === 'duration') return { type: a, apply: (x, y) => new Timestamp((x as Timestamp).nanos + (y as Duration).nanos) }
  if (a?.name === 'duration' && b?.name === 'timestamp') return { type: b, apply: (x, y) => new Timestamp((x as Duration).nanos + (y as Timestamp).nanos) }
  if (a?.name === 'duration' && b?.name === 'duration') return { type: a, apply: (x, y) => new Duration((x as Duration).nanos + (y as Duration).nanos) }
  return undefined
}

const minusOther: Find = ([a, b]) => {
  if (a?.name === 'timestamp' && b?.name === 'duration') return { type: a, apply: (x, y) => new Timestamp((x as Timestamp).nanos - (y as Duration).nanos) }
  if (a?.name === 'timestamp' && b?.name === 'timestamp')
    return { type: { name: 'duration' }, apply: (x, y) => new Duration((x as Timestamp).nanos - (y as Timestamp).nanos) }
  if (a?.name === 'duration' && b?.name === 'duration') return { type: a, apply: (x, y) => new Duration((x as Duration).nanos - (y as Duration).nanos) }
  return undefined
}

const joined = (x: string, y: string): Value | Absent => (x.length + y.length > searchMax ? overflow : x + y)

function concatenated(x: Value, y: Value): Value | Absent {
  const [left, right] = [x as readonly Value[], y as readonly Value[]]
  return left.length + right.length > searchMax ? overflow : [...left, ...right]
}

const membership: Find = ([item, list]) => {
  if (item === undefined || !anyOf(list, 'list', 'map')) return undefined
  if (list && 'of' in list && list.name === 'list' && !fits(item, list.of) && !(numeric.has(item.name) && numeric.has(list.of.name))) return undefined
  const plain = item.name === 'string' && list && 'of' in list && list.name === 'list' && list.of.name === 'string'
  if (plain) return { type: bool, apply: (x, y) => (y as readonly Value[]).includes(x) }
  return { type: bool, apply: (x, y) => (y instanceof Map ? y.has(x) : Array.isArray(y) ? y.some((other: Value) => equal(x, other)) : wrongType) }
}

const index: Find = ([of, at]) => {
  if (at === undefined || !anyOf(of, 'list', 'map')) return undefined
  const none = new Absent('there is no element at that place')
  return {
    type: of && 'of' in of ? of.of : { name: 'any' },
    apply: (x, y) => {
      const found: Value | undefined = Array.isArray(x)
        ? typeof y === 'bigint' || typeof y === 'number'
          ? x[Number(y)]
          : undefined
        : x instanceof Map
          ? x.get(y)
          : undefined
      return found === undefined ? none : found
    },
  }
}

const size: Find = ([of]) =>
  anyOf(of, 'string', 'bytes', 'list', 'map')
    ? {
        type: { name: 'int' },
        apply: (x) => {
          if (typeof x === 'string') return BigInt([...x].length)
          if (x instanceof Map) return BigInt(x.size)
          return Array.isArray(x) || x instanceof Uint8Array ? BigInt(x.length) : wrongType
        },
      }
    : undefined

const ofStrings =
  (test: (x: string, y: string) => boolean): Find =>
  ([a, b]) =>
    anyOf(a, 'string') && anyOf(b, 'string')
      ? { type: bool, apply: (x, y) => (typeof x === 'string' && typeof y === 'string' ? test(x, y) : wrongType) }
      : undefined

/** A conversion: from a value to one of another type, or to none. */
const conversion =
  (name: 'int' | 'uint' | 'double' | 'string' | 'timestamp' | 'duration' | 'ipaddress' | 'bool', convert: (x: Value) => Value | undefined): Find =>
  (types) => {
    if (types.length !== 1) return undefined
    const cannot = new Absent(`the value cannot be read as ${name}`)
    return { type: { name }, apply: (x) => convert(x) ?? cannot }
  }

function whole(x: Value, within: (value: bigint) => boolean): bigint | undefined {
  if (typeof x === 'bigint') return within(x) ? x : undefined
  if (x instanceof Timestamp) return x.nanos / 1_000_000_000n
  if (typeof x === 'number') return Number.isFinite(x) && within(BigInt(Math.trunc(x))) ? BigInt(Math.trunc(x)) : undefined
  if (typeof x !== 'string' || !/^-?\d{1,20}$/.test(x)) return undefined
  return within(BigInt(x)) ? BigInt(x) : undefined
}

/** Fields of a moment, in UTC. */
const part =
  (read: (date: Date) => number): Find =>
  (types) =>
    types.length === 1 && types[0]?.name === 'timestamp'
      ? { type: { name: 'int' }, apply: (x) => BigInt(read(new Date(Number((x as Timestamp).nanos / 1_000_000n)))) }
      : undefined

const functions: Readonly<Record<string, Find>> = {
  '_==_': equality(true),
  '_!=_': equality(false),
  '_<_': order((sign) => sign < 0),
  '_<=_': order((sign) => sign <= 0),
  '_>_': order((sign) => sign > 0),
  '_>=_': order((sign) => sign >= 0),
  '_+_': arithmetic(
    (x, y) => x + y,
    (x, y) => x + y,
    plusOther,
  ),
  '_-_': arithmetic(
    (x, y) => x - y,
    (x, y) => x - y,
    minusOther,
  ),
  '_*_': arithmetic(
    (x, y) => x * y,
    (x, y) => x * y,
  ),
  '_/_': arithmetic(
    (x, y) => (y === 0n ? divisionByZero : x / y),
    (x, y) => x / y,
  ),
  '_%_': arithmetic((x, y) => (y === 0n ? divisionByZero : x % y)),
  '!_': ([a]) => (anyOf(a, 'bool') ? { type: bool, apply: (x) => (typeof x === 'boolean' ? !x : wrongType) } : undefined),
  '-_': ([a]) =>
    anyOf(a, 'int', 'double') && a !== undefined
      ? { type: a, apply: (x) => (typeof x === 'bigint' ? (inInt(-x) ? -x : overflow) : typeof x === 'number' ? -x : wrongType) }
      : undefined,
  '@in': membership,
  '_[_]': index,
  size,
  int: conversion('int', (x) => whole(x, inInt)),
  uint: conversion('uint', (x) => whole(x, inUint)),
  double: conversion('double', (x) =>
    typeof x === 'bigint' || typeof x === 'number' ? Number(x) : typeof x === 'string' && x.trim() !== '' && !Number.isNaN(Number(x)) ? Number(x) : undefined,
  ),
  string: conversion('string', (x) => (['string', 'bigint', 'number', 'boolean'].includes(typeof x) ? String(x) : undefined)),
  bool: conversion('bool', (x) => (typeof x === 'boolean' ? x : x === 'true' ? true : x === 'false' ? false : undefined)),
  timestamp: conversion('timestamp', (x) => (x instanceof Timestamp ? x : typeof x === 'string' ? parseTimestamp(x) : undefined)),
  duration: conversion('duration', (x) => (x instanceof Duration ? x : typeof x === 'string' ? parseDuration(x) : undefined)),
  ipaddress: conversion('ipaddress', (x) => (x instanceof IpAddress ? x : typeof x === 'string' ? parseAddress(x) : undefined)),
}

const methods: Readonly<Record<string, Find>> = {
  size,
  contains: ofStrings((x, y) => x.slice(0, searchMax).includes(y)),
  startsWith: ofStrings((x, y) => x.startsWith(y)),
  endsWith: ofStrings((x, y) => x.endsWith(y)),
  in_cidr: ([address, network]) =>
    anyOf(address, 'ipaddress') && anyOf(network, 'string')
      ? {
          type: bool,
          apply: (x, y) =>
            x instanceof IpAddress && typeof y === 'string' ? (inNetwork(x, y) ?? new Absent('the network is not written as address/length')) : wrongType,
        }
      : undefined,
  isSubtreeOf: ([a, b]) =>
    anyOf(a, 'map') && anyOf(b, 'map') ? { type: bool, apply: (x, y) => (x instanceof Map && y instanceof Map ? subtree(x, y) : wrongType) } : undefined,
  getFullYear: part((date) => date.getUTCFullYear()),
  getMonth: part((date) => date.getUTCMonth()),
  getDate: part((date) => date.getUTCDate()),
  getDayOfMonth: part((date) => date.getUTCDate() - 1),
  getDayOfWeek: part((date) => date.getUTCDay()),
  getHours: part((date) => date.getUTCHours()),
  getMinutes: part((date) => date.getUTCMinutes()),
  getSeconds: part((date) => date.getUTCSeconds()),
}

/** Whether all that the first map holds stands in the second too, however deep. */
function subtree(inner: ReadonlyMap<Value, Value>, outer: ReadonlyMap<Value, Value>): boolean {
  return [...inner].every(([key, value]) => {
    const other = outer.get(key)
    if (other === undefined) return false
    return value instanceof Map && other instanceof Map ? subtree(value, other) : equal(value, other)
  })
}
