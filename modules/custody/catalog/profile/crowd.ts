/** Whether as many different people as the floor were seen, and between which values as many lie; neither keeps more of them than that. */

type Who = string | number

export interface Crowd {
  readonly enough: boolean
  add(who: Who): void
}

export function crowdOf(floor: number): Crowd {
  const people = new Set<Who>()
  let enough = false
  return {
    get enough() {
      return enough
    },
    add(who) {
      if (enough) return
      people.add(who)
      if (people.size < floor) return
      enough = true
      people.clear()
    },
  }
}

export interface Extremes {
  add(value: number, who: Who): void
  /** At least as many people as the floor have a value at or beyond it; none where fewer have any. */
  bound(): number | undefined
}

/** The outermost value of each of the people who lie outermost. @param side 1 for the greatest, -1 for the least */
export function extremesOf(floor: number, side: 1 | -1): Extremes {
  const outermost = new Map<Who, number>()
  /** The innermost of those that are kept. */
  let inner: { who: Who; value: number } | undefined
  const findInner = () => {
    inner = undefined
    for (const [who, value] of outermost) if (inner === undefined || value * side < inner.value * side) inner = { who, value }
  }
  return {
    add(value, who) {
      const known = outermost.get(who)
      if (known !== undefined) {
        if (value * side <= known * side) return
        outermost.set(who, value)
        if (inner?.who === who) findInner()
      } else if (outermost.size < floor) {
        outermost.set(who, value)
        if (outermost.size === floor) findInner()
      } else if (inner !== undefined && value * side > inner.value * side) {
        outermost.delete(inner.who)
        outermost.set(who, value)
        findInner()
      }
    },
    bound: () => (outermost.size < floor ? undefined : inner?.value),
  }
}
