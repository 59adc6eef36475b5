/** Where randomness comes from is an argument: cryptographic in production, a seed in a test that must repeat. */
export interface RandomSource {
  /** A whole number from 0 to 2^32 - 1, each equally likely. */
  uint32(): number
}
