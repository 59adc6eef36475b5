/** Zayatz's estimator of population uniques (Zayatz 1991, "Estimation of the percent of unique population elements on a microdata file using the sample"). */
import type { ClassSizes } from './class-sizes.ts'

/**
 * Estimated share of the population that is unique in it. The sizes of the population's classes are taken to be distributed as those
 * of the sample. Bayes' rule then gives the chance that a sample unique is a population unique, and the sample uniques of the whole
 * are scaled up by the sampling fraction.
 *
 * @param populationSize at least the rows of the sample
 */
export function zayatz({ classesOfSize, rowCount }: ClassSizes, populationSize: number): number {
  const uniques = classesOfSize.get(1) ?? 0
  if (uniques === 0) return 0
  // Chance that a population class of s rows leaves one row in the sample, divided by that of a class of one row:
  // s C(N - s, n - 1) / C(N - 1, n - 1), as a product, since the binomials themselves lose all digits in large populations.
  let relative = 1
  let reached = 1
  let leavesOne = 0
  for (const size of [...classesOfSize.keys()].sort((a, b) => a - b)) {
    for (; reached < size; reached++) relative *= Math.max(0, populationSize - rowCount - reached + 1) / (populationSize - reached)
    leavesOne += (classesOfSize.get(size) ?? 0) * size * relative
  }
  return (uniques / rowCount) * (uniques / leavesOne)
}
