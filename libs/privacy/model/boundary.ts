/**
 * Comparisons at a model's bound. A class that meets a bound exactly must not fail (or, where the bound is strict, pass) because a
 * logarithm or a product was rounded: three values twice each have an entropy of exactly log 3. One relative slack serves every
 * model; it is far above the rounding of doubles and far below any difference that counts of real rows can make.
 */
export const relativeSlack = 1e-12

/** value >= bound, for bound >= 0 */
export function reaches(value: number, bound: number): boolean {
  return value >= bound * (1 - relativeSlack)
}

/** value <= bound, for bound >= 0 */
export function staysWithin(value: number, bound: number): boolean {
  return value <= bound * (1 + relativeSlack)
}

/** value < bound, for bound >= 0; equality up to rounding is no less */
export function staysBelow(value: number, bound: number): boolean {
  return value < bound * (1 - relativeSlack)
}
