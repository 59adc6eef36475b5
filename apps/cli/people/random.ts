/** Randomness that repeats: the same seed gives the same people on every machine. Never for keys or tokens. */

export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number
  pick<T>(list: readonly [T, ...T[]]): T
  /** Picks by weight; the weights need not sum to one. */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T
  chance(probability: number): boolean
  digits(count: number): string
  /** Normally distributed around 0 with deviation 1 (Box and Muller 1958). */
  normal(): number
}

/** SplitMix32: a Weyl sequence by the golden ratio through the finalizer of MurmurHash3. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000
  }
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    integer,
    pick: (list) => list[integer(0, list.length - 1)] ?? list[0],
    weighted(list) {
      let at = next() * list.reduce((sum, item) => sum + item.weight, 0)
      const found = list.find((item) => {
        at -= item.weight
        return at < 0
      })
      if (found === undefined) throw new RangeError('nothing to pick from: the list is empty or weighs nothing')
      return found
    },
    chance: (probability) => next() < probability,
    digits: (count) => Array.from({ length: count }, () => integer(0, 9)).join(''),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}
