/** Who was in a result, as digests of 64 bits under a key of the project: enough to compare cohorts, and no name in it. Pure. */
import { concat } from '@gatehouse/crypto/bytes'
import type { People } from '@gatehouse/privacy/aggregate/differencing'

/** Sorted, each once: a million people are eight megabytes. */
export class PeopleDigests implements People {
  readonly #sorted: BigUint64Array

  constructor(digests: BigUint64Array) {
    const sorted = digests.slice().sort()
    let size = 0
    for (const digest of sorted) if (size === 0 || sorted[size - 1] !== digest) sorted[size++] = digest
    this.#sorted = sorted.subarray(0, size)
  }

  get size(): number {
    return this.#sorted.length
  }

  has(person: unknown): boolean {
    let [low, high] = [0, this.#sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sorted[middle] as bigint) < (person as bigint)) low = middle + 1
      else high = middle
    }
    return this.#sorted[low] === person
  }

  [Symbol.iterator](): Iterator<bigint> {
    return this.#sorted[Symbol.iterator]()
  }

  bytes(): Uint8Array {
    return concat(new Uint8Array(this.#sorted.buffer, this.#sorted.byteOffset, this.#sorted.byteLength))
  }
}

export function peopleFrom(bytes: Uint8Array): PeopleDigests {
  return new PeopleDigests(new BigUint64Array(concat(bytes).buffer))
}
