/** The sensitive values of each class, packed: the values of class c stand in `codes[starts[c]..starts[c + 1])`, each once. */
export interface Distributions {
  readonly starts: Int32Array
  readonly codes: Int32Array
  readonly counts: Int32Array
}

export function copyDistributions({ starts, codes, counts }: Distributions, classCount: number): Distributions {
  const end = starts[classCount] as number
  return { starts: starts.slice(0, classCount + 1), codes: codes.slice(0, end), counts: counts.slice(0, end) }
}

/** Looking through a matrix this much larger than the list of entries is still cheaper than sorting the list. */
const denseCellsPerEntry = 16

/** Merges classes. It keeps room for the largest table it has seen and is reused from node to node. */
export class DistributionMerger {
  /** By sensitive value, its count in the class being merged; all 0 between classes. */
  readonly #sums: Int32Array
  #next = new Int32Array(0)
  #members = new Int32Array(0)
  #starts = new Int32Array(1)
  #codes = new Int32Array(0)
  #counts = new Int32Array(0)
  /** Both are all 0 between merges. */
  #matrix = new Int32Array(0)
  #occurring = new Int32Array(0)

  constructor(valueCount: number) {
    this.#sums = new Int32Array(valueCount)
  }

  /**
   * @param classOf by source class, the class it becomes part of; the first `sourceCount` entries count
   * @returns distributions that are valid until the next merge
   */
  merge(source: Distributions, sourceCount: number, classOf: Int32Array, classCount: number): Distributions {
    const cells = classCount * this.#sums.length
    if (cells <= denseCellsPerEntry * (source.starts[sourceCount] as number)) return this.#mergeDense(source, sourceCount, classOf, classCount)
    const members = this.#membersByClass(sourceCount, classOf, classCount)
    const ends = this.#next
    const sums = this.#sums
    const { starts, codes, counts } = this.#room(classCount, source.starts[sourceCount] as number)
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
    return { starts, codes, counts }
  }

  /**
   * Adds up in a matrix of classes by values, with a bit for each value that occurs: reading the bits instead of the matrix, which is
   * mostly 0, spares the branches that no processor can foresee.
   */
  #mergeDense(source: Distributions, sourceCount: number, classOf: Int32Array, classCount: number): Distributions {
    const width = this.#sums.length
    const words = (width + 31) >>> 5
    if (this.#matrix.length < classCount * width) this.#matrix = new Int32Array(classCount * width)
    if (this.#occurring.length < classCount * words) this.#occurring = new Int32Array(classCount * words)
    const [matrix, occurring] = [this.#matrix, this.#occurring]
    const { starts: sourceStarts, codes: sourceCodes, counts: sourceCounts } = source
    for (let i = 0, entry = 0; i < sourceCount; i++) {
      const c = classOf[i] as number
      for (const end = sourceStarts[i + 1] as number; entry < end; entry++) {
        const code = sourceCodes[entry] as number
        const at = c * width + code
        const word = c * words + (code >>> 5)
        matrix[at] = (matrix[at] as number) + (sourceCounts[entry] as number)
        occurring[word] = (occurring[word] as number) | (1 << (code & 31))
      }
    }
    const { starts, codes, counts } = this.#room(classCount, sourceStarts[sourceCount] as number)
    let listed = 0
    for (let c = 0, at = 0; c < classCount; c++) {
      for (let first = 0; first < width; first += 32, at++) {
        for (let bits = occurring[at] as number; bits !== 0; bits &= bits - 1) {
          const code = first + 31 - Math.clz32(bits & -bits)
          codes[listed] = code
          counts[listed++] = matrix[c * width + code] as number
          matrix[c * width + code] = 0
        }
        occurring[at] = 0
      }
      starts[c + 1] = listed
    }
    return { starts, codes, counts }
  }

  #room(classCount: number, entryCount: number): Distributions {
    if (this.#starts.length <= classCount) this.#starts = new Int32Array(classCount + 1)
    if (this.#codes.length < entryCount) {
      this.#codes = new Int32Array(entryCount)
      this.#counts = new Int32Array(entryCount)
    }
    return { starts: this.#starts, codes: this.#codes, counts: this.#counts }
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
