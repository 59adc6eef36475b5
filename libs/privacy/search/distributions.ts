/** The sensitive values of each class, packed: the values of class c stand in `codes[starts[c]..starts[c + 1])`, each once. */
export interface Distributions {
  readonly starts: Int32Array
  readonly codes: Int32Array
  readonly counts: Int32Array
}

/** Merges classes. It keeps room for the largest table it has seen and is reused from node to node. */
export class DistributionMerger {
  /** By sensitive value, its count in the class being merged; all 0 between classes. */
  readonly #sums: Int32Array
  #next = new Int32Array(0)
  #members = new Int32Array(0)

  constructor(valueCount: number) {
    this.#sums = new Int32Array(valueCount)
  }

  /** @param classOf by source class, the class it becomes part of; the first `sourceCount` entries count */
  merge(source: Distributions, sourceCount: number, classOf: Int32Array, classCount: number): Distributions {
    const members = this.#membersByClass(sourceCount, classOf, classCount)
    const ends = this.#next
    const sums = this.#sums
    const starts = new Int32Array(classCount + 1)
    const length = source.starts[sourceCount] as number
    const codes = new Int32Array(length)
    const counts = new Int32Array(length)
    let at = 0
    let member = 0
    for (let c = 0; c < classCount; c++) {
      const start = at
      for (const end = ends[c] as number; member < end; member++) {
        const from = members[member] as number
        for (let i = source.starts[from] as number, to = source.starts[from + 1] as number; i < to; i++) {
          const code = source.codes[i] as number
          if (sums[code] === 0) codes[at++] = code
          sums[code] = (sums[code] as number) + (source.counts[i] as number)
        }
      }
      for (let i = start; i < at; i++) {
        const code = codes[i] as number
        counts[i] = sums[code] as number
        sums[code] = 0
      }
      starts[c + 1] = at
    }
    return { starts, codes: codes.slice(0, at), counts: counts.slice(0, at) }
  }

  /** Source classes sorted by the class they go to (counting sort); `#next[c]` is left at the end of class c. */
  #membersByClass(sourceCount: number, classOf: Int32Array, classCount: number): Int32Array {
    if (this.#members.length < sourceCount) this.#members = new Int32Array(sourceCount)
    if (this.#next.length < classCount) this.#next = new Int32Array(classCount)
    const next = this.#next.fill(0, 0, classCount)
    for (let i = 0; i < sourceCount; i++) next[classOf[i] as number] = (next[classOf[i] as number] as number) + 1
    let start = 0
    for (let c = 0; c < classCount; c++) {
      const size = next[c] as number
      next[c] = start
      start += size
    }
    const members = this.#members
    for (let i = 0; i < sourceCount; i++) {
      const c = classOf[i] as number
      const at = next[c] as number
      members[at] = i
      next[c] = at + 1
    }
    return members
  }
}
