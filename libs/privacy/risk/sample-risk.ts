/**
 * Re-identification risk of a table against three attackers (El Emam 2013, "Guide to the de-identification of personal health
 * information"). The prosecutor knows that a certain person is in the table, the journalist only that the person is in the
 * population, the marketer wants to re-identify as many as possible and accepts errors.
 */
import { relativeSlack } from '../model/boundary.ts'

export interface AttackerRisk {
  /** The risk of the row that is easiest to re-identify. */
  readonly highest: number
  /** Mean over the rows. */
  readonly average: number
  /** Share of the rows whose risk is above the threshold. */
  readonly recordsAtRisk: number
}

export interface SampleRisk {
  /** A row in a class of s rows has the risk 1/s. */
  readonly prosecutor: AttackerRisk
  /** A row that looks like p population rows has the risk 1/p; absent without population counts. */
  readonly journalist?: AttackerRisk
  /** Share of the rows a marketer re-identifies: the mean of 1/p, or of 1/s where the population is not known, which is more. */
  readonly marketer: number
  /** Share of the rows that stand alone in their class. */
  readonly unique: number
  /** The risk of the row that is hardest to re-identify. */
  readonly lowest: number
  /** Share of the rows that have the highest risk. */
  readonly atHighestRisk: number
  readonly rowCount: number
  readonly classCount: number
  /** By ascending size. */
  readonly histogram: readonly { readonly size: number; readonly classes: number }[]
}

/**
 * @param sizes rows of each class; suppressed rows are in none
 * @param threshold a row is at risk when its risk is above it, from 0 to 1
 * @param populationSizes population rows of each class, in the same order; each at least the class's own
 * @throws RangeError for a threshold out of range, a class without rows, or a class with fewer population rows than rows
 */
export function sampleRisk(sizes: ArrayLike<number>, threshold: number, populationSizes?: ArrayLike<number>): SampleRisk {
  if (!(threshold >= 0 && threshold <= 1)) throw new RangeError(`the risk threshold is a number from 0 to 1, not ${threshold}`)
  const prosecutor = attackerRisk(sizes, sizes, threshold)
  const journalist = populationSizes && attackerRisk(sizes, populationSizes, threshold)
  const classesOfSize = new Map<number, number>()
  let rowCount = 0
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i] ?? 0
    rowCount += size
    classesOfSize.set(size, (classesOfSize.get(size) ?? 0) + 1)
  }
  const histogram = [...classesOfSize].sort(([a], [b]) => a - b).map(([size, classes]) => ({ size, classes }))
  const smallest = histogram[0]
  const share = (rows: number): number => (rowCount === 0 ? 0 : rows / rowCount)
  return {
    prosecutor,
    ...(journalist ? { journalist } : {}),
    marketer: (journalist ?? prosecutor).average,
    unique: share(classesOfSize.get(1) ?? 0),
    lowest: 1 / (histogram.at(-1)?.size ?? Number.POSITIVE_INFINITY),
    atHighestRisk: smallest ? share(smallest.size * smallest.classes) : 0,
    rowCount,
    classCount: sizes.length,
    histogram,
  }
}

function attackerRisk(sizes: ArrayLike<number>, hiddenAmong: ArrayLike<number>, threshold: number): AttackerRisk {
  if (hiddenAmong.length !== sizes.length) throw new RangeError(`${sizes.length} classes need as many population counts, not ${hiddenAmong.length}`)
  let highest = 0
  let total = 0
  let rows = 0
  let rowsAtRisk = 0
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i] ?? 0
    const among = hiddenAmong[i] ?? 0
    if (!(size >= 1)) throw new RangeError(`class ${i} has no rows; leave it out`)
    if (!(among >= size)) throw new RangeError(`class ${i} has ${size} rows and ${among} in the population; the population has to contain the table`)
    highest = Math.max(highest, 1 / among)
    total += size / among
    rows += size
    if (1 > threshold * among * (1 + relativeSlack)) rowsAtRisk += size
  }
  return { highest, average: rows === 0 ? 0 : total / rows, recordsAtRisk: rows === 0 ? 0 : rowsAtRisk / rows }
}
