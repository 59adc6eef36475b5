import type { RandomSource } from '../random/random.ts'

/** A double from 0 up to but not including 1, each multiple of 2^-53 equally likely. */
export function uniform(random: RandomSource): number {
  return ((random.uint32() >>> 5) * 0x400_0000 + (random.uint32() >>> 6)) / 0x20_0000_0000_0000
}

/** Normally distributed with mean 0 and variance 1 (Box and Muller 1958). */
export function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random))
}
