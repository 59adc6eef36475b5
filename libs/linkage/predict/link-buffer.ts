/** Links while they are being found: columns that grow; and bringing parts from several workers into one order. */
import type { Links } from '../model/link.ts'

export interface LinkBuffer {
  add(left: number, right: number, weight: number, probability: number, pattern: number, rule: number): void
  /** In the order of adding. */
  build(rules: readonly string[]): Links
}

export function linkBuffer(firstCapacity = 1 << 12): LinkBuffer {
  let capacity = firstCapacity
  let length = 0
  let whole = new Int32Array(capacity * 4)
  let real = new Float64Array(capacity * 2)
  return {
    add(left, right, weight, probability, pattern, rule) {
      if (length === capacity) {
        capacity *= 2
        whole = grown(whole, new Int32Array(capacity * 4))
        real = grown(real, new Float64Array(capacity * 2))
      }
      whole[length * 4] = left
      whole[length * 4 + 1] = right
      whole[length * 4 + 2] = pattern
      whole[length * 4 + 3] = rule
      real[length * 2] = weight
      real[length * 2 + 1] = probability
      length++
    },
    build(rules) {
      const integers = (offset: number): Int32Array => Int32Array.from({ length }, (_, index) => whole[index * 4 + offset] as number)
      const doubles = (offset: number): Float64Array => Float64Array.from({ length }, (_, index) => real[index * 2 + offset] as number)
      return { length, left: integers(0), right: integers(1), weight: doubles(0), probability: doubles(1), pattern: integers(2), rule: integers(3), rules }
    },
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** All parts as one, sorted by (left, right): the same whatever the parts were. @throws TypeError for parts of different models */
export function mergeLinks(parts: readonly Links[]): Links {
  const rules = parts[0]?.rules ?? []
  if (parts.some((part) => part.rules.join('\n') !== rules.join('\n'))) throw new TypeError('only links found by the same rules can be merged')
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const all = {
    left: joined(
      parts.map((part) => part.left),
      new Int32Array(length),
    ),
    right: joined(
      parts.map((part) => part.right),
      new Int32Array(length),
    ),
    pattern: joined(
      parts.map((part) => part.pattern),
      new Int32Array(length),
    ),
    rule: joined(
      parts.map((part) => part.rule),
      new Int32Array(length),
    ),
    weight: joined(
      parts.map((part) => part.weight),
      new Float64Array(length),
    ),
    probability: joined(
      parts.map((part) => part.probability),
      new Float64Array(length),
    ),
  }
  const order = countingOrder(all.left, countingOrder(all.right))
  const pick = <T extends Int32Array | Float64Array>(column: T, into: T): T => {
    for (let i = 0; i < length; i++) into[i] = column[order[i] as number] as number
    return into
  }
  return {
    length,
    left: pick(all.left, new Int32Array(length)),
    right: pick(all.right, new Int32Array(length)),
    weight: pick(all.weight, new Float64Array(length)),
    probability: pick(all.probability, new Float64Array(length)),
    pattern: pick(all.pattern, new Int32Array(length)),
    rule: pick(all.rule, new Int32Array(length)),
    rules,
  }
}

function joined<T extends Int32Array | Float64Array>(parts: readonly T[], into: T): T {
  let at = 0
  for (const part of parts) {
    into.set(part, at)
    at += part.length
  }
  return into
}

/** A stable counting sort of positions by key; a second pass with the first one's order sorts by two keys. */
function countingOrder(keys: Int32Array, before?: Int32Array): Int32Array {
  const top = keys.reduce((most, key) => Math.max(most, key), -1)
  const next = new Int32Array(top + 2)
  for (const key of keys) next[key + 1] = (next[key + 1] as number) + 1
  for (let key = 0; key <= top; key++) next[key + 1] = (next[key + 1] as number) + (next[key] as number)
  const order = new Int32Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const at = before === undefined ? i : (before[i] as number)
    const key = keys[at] as number
    order[next[key] as number] = at
    next[key] = (next[key] as number) + 1
  }
  return order
}
