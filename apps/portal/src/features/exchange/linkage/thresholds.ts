/** What a job's pairs by weight say of its threshold, and what another would make. Pure. */
export interface WeightStep {
  /** In whole bits, rounded down. */
  readonly bits: number
  readonly count: number
  readonly linked: boolean
}

export interface Threshold {
  readonly bits: number
  /** Pairs at or above. */
  readonly links: number
  /** Of these, how many are expected to be two people’s. */
  readonly expectedFalse: number
}

/** Bits that a probability comes to; one bit more makes one person twice as likely. */
export const bitsOf = (probability: number): number => Math.log2(probability / (1 - probability))

/** Of links from each weight on. A step of a bit holds pairs of up to a bit more, so each is taken at its middle. */
export function thresholdsOf(steps: readonly WeightStep[]): Threshold[] {
  let [links, expectedFalse] = [0, 0]
  return steps
    .toReversed()
    .map(({ bits, count }) => {
      links += count
      expectedFalse += count / (1 + 2 ** (bits + 0.5))
      return { bits, links, expectedFalse }
    })
    .reverse()
}
