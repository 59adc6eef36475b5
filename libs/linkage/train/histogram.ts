/**
 * How often each agreement pattern occurs: an open-addressing table of whole numbers. Millions of pairs become some thousand
 * rows, and sums of whole numbers come out the same in whatever order and by however many workers they were added.
 */
export interface Histogram {
  readonly patterns: Int32Array
  readonly counts: Float64Array
}

export interface HistogramBuilder {
  add(pattern: number, count?: number): void
  /** Rising by pattern. */
  build(): Histogram
}

const firstCapacity = 1 << 12

export function histogramBuilder(): HistogramBuilder {
  let slots = new Int32Array(firstCapacity).fill(-1)
  let counts = new Float64Array(firstCapacity)
  let used = 0

  const slotOf = (pattern: number): number => {
    const mask = slots.length - 1
    let slot = Math.imul(pattern, 0x9e3779b1)
    slot = (slot ^ (slot >>> 15)) & mask
    while (slots[slot] !== -1 && slots[slot] !== pattern) slot = (slot + 1) & mask
    return slot
  }
  const grow = (): void => {
    const [oldSlots, oldCounts] = [slots, counts]
    slots = new Int32Array(oldSlots.length * 2).fill(-1)
    counts = new Float64Array(slots.length)
    for (const [index, pattern] of oldSlots.entries()) {
      if (pattern === -1) continue
      const slot = slotOf(pattern)
      slots[slot] = pattern
      counts[slot] = oldCounts[index] as number
    }
  }
  return {
    add(pattern, count = 1) {
      const slot = slotOf(pattern)
      counts[slot] = (counts[slot] as number) + count
      if (slots[slot] !== -1) return
      slots[slot] = pattern
      if (++used * 2 > slots.length) grow()
    },
    build() {
      const patterns = slots.filter((pattern) => pattern !== -1).sort()
      return { patterns, counts: Float64Array.from(patterns, (pattern) => counts[slotOf(pattern)] as number) }
    },
  }
}

export function mergeHistograms(parts: readonly Histogram[]): Histogram {
  const merged = histogramBuilder()
  for (const { patterns, counts } of parts) for (const [index, pattern] of patterns.entries()) merged.add(pattern, counts[index])
  return merged.build()
}
