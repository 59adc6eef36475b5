import type { RandomSource } from './random.ts'

/** Words fetched together: a call to the system's generator costs more than the words. */
const drawnTogether = 1_024

/**
 * Randomness of production from a cryptographic generator, such as `nodePrimitives.randomBytes`. Words are fetched ahead; each is
 * handed out once and wiped from the store as it leaves.
 *
 * @throws RangeError from a draw, when the generator gives another number of bytes than asked for
 */
export function secureRandom(randomBytes: (length: number) => Uint8Array): RandomSource {
  let words = new Uint32Array(0)
  let at = 0

  function refill(): void {
    const bytes = randomBytes(drawnTogether * 4)
    if (bytes.length !== drawnTogether * 4) throw new RangeError(`randomBytes gave ${bytes.length} bytes where ${drawnTogether * 4} were asked for`)
    words = new Uint32Array(Uint8Array.from(bytes).buffer)
    bytes.fill(0)
    at = 0
  }

  return {
    uint32() {
      if (at === words.length) refill()
      const word = words[at] ?? 0
      words[at] = 0
      at += 1
      return word
    },
  }
}
