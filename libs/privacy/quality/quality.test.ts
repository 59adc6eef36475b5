import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averageClassSize } from './average-class-size.ts'
import { aggregateLosses } from './cells.ts'
import { classificationAccuracy } from './classification.ts'
import { discernibility } from './discernibility.ts'
import { klDivergence } from './kl-divergence.ts'
import { loss } from './loss.ts'
import { nonUniformEntropy } from './non-uniform-entropy.ts'
import { precision } from './precision.ts'
import type { QualityMeasure, QualityModel, QualityTable } from './quality.ts'

/** One attribute of four leaves in two groups under one top: rows 1, 1, 2, 4 by leaf. */
const table: QualityTable = {
  rowCount: 8,
  aggregate: 'geometric',
  rowEntropy: 1.75,
  attributes: [
    {
      name: 'a',
      weight: 1,
      levels: [
        { leaves: [1, 1, 1, 1], rows: [1, 1, 2, 4] },
        { leaves: [2, 2], rows: [2, 6] },
        { leaves: [4], rows: [8] },
      ],
    },
  ],
}
/** Rows by class at each level; with one attribute a class is a group. */
const classesAt = [[1, 1, 2, 4], [2, 6], [8]]
/** The most frequent target value of each class, counted. */
const most = 1

function view(size: number) {
  const counts = Int32Array.of(most, size - most)
  return { size, populationSize: 0, distribution: () => ({ codes: Int32Array.of(0, 1), counts, start: 0, end: 2, total: size }) }
}

/** The value at a level when classes below k rows are suppressed. */
function valueAt(measure: QualityMeasure, level: number, k: number): number {
  const sizes = classesAt[level]!
  const released = sizes.filter((size) => size >= k)
  const suppressedRows = 8 - released.reduce((sum, size) => sum + size, 0)
  const cost = measure.cells?.[0]
  const cells = cost ? sizes.reduce((sum, size, group) => sum + size * (size >= k ? cost.byGroup[level]![group]! : cost.suppressed), 0) : 0
  const releasedScore = released.reduce((sum, size) => sum + (measure.scoreOf?.(view(size)) ?? 0), 0)
  return measure.valueOf({ levels: [level], cells: Float64Array.of(cells), suppressedRows, releasedClasses: released.length, releasedScore })
}

const models: readonly QualityModel[] = [loss, precision, discernibility, averageClassSize, nonUniformEntropy, klDivergence, classificationAccuracy('t')]

describe('aggregates', () => {
  it('are weighted products or sums', () => {
    expect(aggregateLosses('geometric', [0.5, 0.2], [1, 0.5])).toBeCloseTo(Math.sqrt(1.5 * 1.1) - 1, 14)
    expect(aggregateLosses('arithmetic', [0.5, 0.2], [1, 0.5])).toBeCloseTo(0.3, 14)
  })
})

describe('quality measures', () => {
  it.each<[QualityModel, readonly number[], number]>([
    // By level without suppression, then level 1 with classes below 3 suppressed.
    [loss, [0, 1 / 3, 1], (6 * (1 / 3) + 2) / 8],
    [precision, [0, 0.5, 1], (6 * 0.5 + 2) / 8],
    [discernibility, [22, 40, 64], 36 + 16],
    [averageClassSize, [2, 4, 8], 4],
    [nonUniformEntropy, [0, 2 * 1 + 2 * Math.log2(3) + 4 * Math.log2(1.5), 14], 2 * 3 + 2 * Math.log2(3) + 4 * Math.log2(1.5)],
    [klDivergence, [0, (2 * 3 + 6 * Math.log2(8 / 3)) / 8 - 1.75, 0.25], (2 * 4 + 6 * Math.log2(8 / 3)) / 8 - 1.75],
  ])('$name has the values its definition gives', (model, byLevel, suppressed) => {
    const measure = model.bind(table)
    expect([0, 1, 2].map((level) => valueAt(measure, level, 1))).toEqual(byLevel.map((value) => expect.closeTo(value, 12)))
    expect(valueAt(measure, 1, 3)).toBeCloseTo(suppressed, 12)
  })

  it('count rows that the majority of their class gets wrong', () => {
    const measure = classificationAccuracy('t').bind(table)
    // Of 2 and 6 rows the most frequent values have 1 and 5.
    expect(valueAt(measure, 1, 1)).toBeCloseTo((8 - 1 - 5) / 8, 12)
    expect(valueAt(measure, 1, 3)).toBeCloseTo((8 - 5) / 8, 12)
  })

  it.each(models.filter(({ name }) => !name.startsWith('class')))('$name never falls on the way up without suppression', (model) => {
    const values = [0, 1, 2].map((level) => valueAt(model.bind(table), level, 1))
    expect(values).toEqual([...values].sort((a, b) => a - b))
  })

  it.each(models)('$name is never below its bound', (model) => {
    const measure = model.bind(table)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 8 }), (level, k) => {
        const cost = measure.cells?.[0]
        const cells = cost ? classesAt[level]!.reduce((sum, size, group) => sum + size * cost.byGroup[level]![group]!, 0) : 0
        const bound = measure.lowerBound({
          levels: [level],
          cells: Float64Array.of(cells),
          suppressedRows: 0,
          releasedClasses: classesAt[level]!.length,
          minimumClassSize: k,
        })
        expect(bound).toBeLessThanOrEqual(valueAt(measure, level, k) + 1e-12)
      }),
    )
  })
})
