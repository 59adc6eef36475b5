import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textTable } from '../model/testing/table.ts'
import { datasetRisk } from './dataset-risk.ts'
import { equivalenceClasses, histogramOf } from './equivalence-classes.ts'
import { digamma, logGamma, trigamma } from './gamma.ts'
import { fitPitman, pitman } from './pitman.ts'
import { populationClasses } from './population-classes.ts'
import { estimateUniqueness } from './population-uniqueness.ts'
import { sampleRisk } from './sample-risk.ts'
import { fitSnb, shlosser } from './shifted-negative-binomial.ts'

const adult = new URL('../../../../shared/data/adult/adult.csv', import.meta.url)

/** Class sizes as a histogram, and what the estimators call a sample. */
function sampleOf(sizes: Record<number, number>) {
  const classesOfSize = new Map(Object.entries(sizes).map(([size, classes]) => [Number(size), classes]))
  const classCount = [...classesOfSize.values()].reduce((sum, classes) => sum + classes, 0)
  const rowCount = [...classesOfSize].reduce((sum, [size, classes]) => sum + size * classes, 0)
  return { classesOfSize, classCount, rowCount }
}

const histogram = fc
  .dictionary(fc.integer({ min: 1, max: 12 }).map(String), fc.integer({ min: 1, max: 60 }), { minKeys: 1 })
  .map((sizes) => sampleOf(sizes as Record<number, number>))

describe('equivalence classes', () => {
  const rows = [
    ['m', '40', 'flu'],
    ['m', '40', 'cold'],
    ['*', '*', 'flu'],
    ['f', '40', 'flu'],
    ['m', null, 'flu'],
    ['m', '', 'flu'],
    ['*', '40', 'flu'],
    ['*', '*', 'cold'],
    [null, null, 'flu'],
    ['*', null, 'flu'],
  ]
  const table = textTable(['sex', 'age', 'illness'], rows)

  it('refuses a table without quasi-identifiers, and a column that is not there', () => {
    expect(() => equivalenceClasses(table, [])).toThrow('at least one quasi-identifier')
    expect(() => equivalenceClasses(table, ['name'])).toThrow(RangeError)
  })

  it('leaves rows out that show nothing, and takes a missing value for a value of its own', () => {
    const classes = equivalenceClasses(table, ['sex', 'age'])
    expect([...classes.classOf]).toEqual([0, 0, -1, 1, 2, 3, 4, -1, -1, -1])
    expect([...classes.sizes]).toEqual([2, 1, 1, 1, 1])
    expect([...classes.firstRow]).toEqual([0, 3, 4, 5, 6])
    expect(classes.suppressedRows).toBe(4)
  })

  it('takes another marker, or a predicate', () => {
    expect(equivalenceClasses(table, ['sex', 'age'], 'm').suppressedRows).toBe(2)
    expect(equivalenceClasses(table, ['sex'], 'm').suppressedRows).toBe(5)
    expect([...equivalenceClasses(table, ['sex', 'age'], (row) => row > 1).sizes]).toEqual([2])
  })

  it('groups as comparing every pair of rows would, in any order of rows and columns', () => {
    const cell = fc.constantFrom('a', 'b', '*', null)
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 30 }), (cells) => {
        const names = ['x', 'y', 'z']
        const kept = cells.filter((row) => !row.every((value) => value === '*' || value === null))
        const sizes = kept.map((row) => kept.filter((other) => other.every((value, index) => value === row[index])).length)
        const classes = equivalenceClasses(textTable(names, cells), names)
        const bySize = (found: Iterable<number>): number[] => [...found].sort((a, b) => a - b)
        expect(bySize([...classes.classOf].filter((group) => group >= 0).map((group) => classes.sizes[group] ?? 0))).toEqual(bySize(sizes))
        const turned = equivalenceClasses(textTable(names, [...cells].reverse()), ['z', 'x', 'y'])
        expect(bySize(turned.sizes)).toEqual(bySize(classes.sizes))
      }),
    )
  })

  it('counts the population of each class, and what looks like none', () => {
    const classes = equivalenceClasses(table, ['sex', 'age'])
    const population = textTable(
      ['age', 'sex'],
      [
        ['40', 'm'],
        ['40', 'm'],
        ['40', 'm'],
        [null, 'm'],
        ['30', 'm'],
        ['30', 'm'],
        ['*', '*'],
      ],
    )
    const found = populationClasses(table, classes, population, ['sex', 'age'])
    expect([...found.sizes]).toEqual([3, 0, 1, 0, 0])
    expect(found.unmatched).toEqual([2, 1])
    expect(found.rowCount).toBe(7)
  })
})

describe('sample risk', () => {
  it('refuses a threshold out of range, empty classes, and a population that lacks rows of the table', () => {
    expect(() => sampleRisk([1], 1.1)).toThrow('threshold')
    expect(() => sampleRisk([1, 0], 0.2)).toThrow('has no rows')
    expect(() => sampleRisk([2], 0.2, [1])).toThrow('has to contain the table')
    expect(() => sampleRisk([2], 0.2, [])).toThrow('population counts')
  })

  it('a row is at risk above the threshold, not at it', () => {
    expect(sampleRisk([5, 4], 0.2).prosecutor.recordsAtRisk).toBeCloseTo(4 / 9, 12)
    expect(sampleRisk([3], 1 / 3).prosecutor.recordsAtRisk).toBe(0)
  })

  it('journalist and marketer look at the population, the prosecutor at the table', () => {
    const risk = sampleRisk([1, 3], 0.2, [4, 12])
    expect(risk.prosecutor).toEqual({ highest: 1, average: 0.5, recordsAtRisk: 1 })
    expect(risk.journalist).toEqual({ highest: 0.25, average: (1 / 4 + 3 / 12) / 4, recordsAtRisk: 0.25 })
    expect(risk.marketer).toBe(risk.journalist?.average)
    expect(risk.unique).toBe(0.25)
    expect(risk.histogram).toEqual([
      { size: 1, classes: 1 },
      { size: 3, classes: 1 },
    ])
  })

  it('an empty table has no risk', () => {
    expect(sampleRisk([], 0.2)).toMatchObject({ prosecutor: { highest: 0, average: 0, recordsAtRisk: 0 }, marketer: 0, unique: 0, lowest: 0, atHighestRisk: 0 })
  })

  it('agrees with adding up every row, in any order of classes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (sizes, threshold) => {
        const risks = sizes.flatMap((size) => Array.from({ length: size }, () => 1 / size))
        const found = sampleRisk(sizes, threshold)
        expect(found.prosecutor.highest).toBe(Math.max(...risks))
        expect(found.lowest).toBe(Math.min(...risks))
        expect(found.prosecutor.average).toBeCloseTo(risks.reduce((sum, risk) => sum + risk, 0) / risks.length, 12)
        expect(found.prosecutor.recordsAtRisk).toBeCloseTo(risks.filter((risk) => risk > threshold + 1e-9).length / risks.length, 12)
        expect(found.atHighestRisk).toBeCloseTo(risks.filter((risk) => risk === Math.max(...risks)).length / risks.length, 12)
        expect(sampleRisk([...sizes].reverse(), threshold)).toMatchObject({ unique: found.unique, histogram: found.histogram })
      }),
    )
  })
})

describe('risk of a table', () => {
  const table = textTable(
    ['sex', 'age'],
    [
      ['m', '40'],
      ['m', '40'],
      ['f', '30'],
      ['*', '*'],
    ],
  )

  it('gives suppressed rows no risk', () => {
    expect(datasetRisk(table, { quasiIdentifiers: ['sex', 'age'], threshold: 0.5 })).toMatchObject({
      rowCount: 3,
      suppressedRows: 1,
      classCount: 2,
      unique: 1 / 3,
    })
  })

  it('asks a population for the journalist, and refuses one that lacks rows of the table', () => {
    const population = textTable(['sex', 'age'], [...Array.from({ length: 4 }, () => ['m', '40']), ['f', '30'], ['f', '30']])
    const options = { quasiIdentifiers: ['sex', 'age'], threshold: 0.5 }
    expect(datasetRisk(table, { ...options, population }).journalist).toEqual({ highest: 0.5, average: (2 / 4 + 1 / 2) / 3, recordsAtRisk: 0 })
    expect(() => datasetRisk(table, { ...options, population: textTable(['sex', 'age'], [['m', '40']]) })).toThrow('has to contain the table')
  })
})

describe('the gamma function', () => {
  it('keeps known values and the recurrence', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13)
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12)
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 13)
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 13)
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e4, noNaN: true }), (x) => {
        expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(1e-10)
        expect(Math.abs((digamma(x + 1) - digamma(x)) * x - 1)).toBeLessThan(1e-9)
        expect(Math.abs((trigamma(x) - trigamma(x + 1)) * x * x - 1)).toBeLessThan(1e-6)
      }),
    )
  })
})

describe('population uniqueness', () => {
  it('refuses a population smaller than the sample', () => {
    expect(() => estimateUniqueness(sampleOf({ 2: 3 }).classesOfSize, 5)).toThrow(RangeError)
  })

  it('is nothing without sample uniques', () => {
    for (const estimator of ['dankar', 'pitman', 'zayatz', 'snb'] as const) {
      expect(estimateUniqueness(sampleOf({ 2: 3, 5: 1 }).classesOfSize, 1_000, estimator)?.share).toBe(0)
    }
  })

  it('has no estimate where Pitman or SNB cannot be fitted; the rule then takes Zayatz', () => {
    const uniques = sampleOf({ 1: 50 }).classesOfSize
    expect(estimateUniqueness(uniques, 10_000, 'pitman')).toBeUndefined()
    expect(estimateUniqueness(uniques, 10_000, 'snb')).toBeUndefined()
    expect(estimateUniqueness(uniques, 10_000)).toEqual({ share: 1, estimator: 'zayatz' })
  })

  it('Pitman: the fit is where the likelihood of the partition, written down from its definition, is highest', () => {
    const sample = sampleOf({ 1: 120, 2: 30, 3: 12, 5: 4, 9: 1 })
    const likelihood = (theta: number, alpha: number): number => {
      let sum = 0
      for (let i = 1; i < sample.classCount; i++) sum += Math.log(theta + i * alpha)
      for (let i = 1; i < sample.rowCount; i++) sum -= Math.log(theta + i)
      for (const [size, classes] of sample.classesOfSize) for (let j = 1; j < size; j++) sum += classes * Math.log(j - alpha)
      return sum
    }
    const fitted = fitPitman(sample)
    if (!fitted) throw new Error('not fitted')
    const best = likelihood(fitted.theta, fitted.alpha)
    for (const factor of [0.98, 0.999, 1.001, 1.02]) {
      expect(likelihood(fitted.theta * factor, fitted.alpha)).toBeLessThan(best)
      expect(likelihood(fitted.theta, fitted.alpha * factor)).toBeLessThan(best)
    }
  })

  it('Pitman: follows the expected uniques of the two-parameter process from sample to population', () => {
    // Growing by one person at a time: the next is new with (theta + alpha classes) / (theta + n), and stands alone from then on until joined.
    const [theta, alpha, persons] = [40, 0.5, 4_000]
    let classes = 1
    let uniques = 1
    for (let n = 1; n < persons; n++) {
      const fresh = (theta + alpha * classes) / (theta + n)
      uniques += fresh - (uniques * (1 - alpha)) / (theta + n)
      classes += fresh
    }
    const share = Math.exp(logGamma(theta + 1) - logGamma(theta + alpha) + (alpha - 1) * Math.log(persons))
    expect(uniques / persons / share).toBeCloseTo(1, 1)
  })

  it('Zayatz: agrees with Bayes written out with binomials', () => {
    const choose = (n: number, k: number): number => (k < 0 || k > n ? 0 : Math.round(Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1))))
    const sample = sampleOf({ 1: 6, 2: 3, 4: 1 })
    const population = 30
    const leavesOne = (size: number): number => (size * choose(population - size, sample.rowCount - 1)) / choose(population, sample.rowCount)
    const conditional = (6 * leavesOne(1)) / [...sample.classesOfSize].reduce((sum, [size, classes]) => sum + classes * leavesOne(size), 0)
    const expected = (6 * conditional) / (sample.rowCount / population) / population
    expect(estimateUniqueness(sample.classesOfSize, population, 'zayatz')?.share).toBeCloseTo(expected, 6)
  })

  it('SNB: gives back the distribution from the classes that summing over it predicts', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 8, noNaN: true }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.double({ min: 0.02, max: 0.9, noNaN: true }),
        (alpha, beta, fraction) => {
          // P(size = 1 + x) of a shifted negative binomial, thinned row by row.
          let [ones, twos] = [0, 0]
          let mass = beta ** alpha
          for (let x = 0; x < 3_000; x++) {
            const size = x + 1
            ones += mass * size * fraction * (1 - fraction) ** (size - 1)
            twos += mass * ((size * (size - 1)) / 2) * fraction ** 2 * (1 - fraction) ** Math.max(0, size - 2)
            mass *= ((alpha + x) / (x + 1)) * (1 - beta)
          }
          const populationClasses = 10_000
          const equations = { ones: populationClasses * ones, twos: populationClasses * twos, fraction, populationClasses }
          const fitted = fitSnb(equations)
          if (!fitted) throw new Error('not fitted')
          expect(fitted.beta ** fitted.alpha / beta ** alpha).toBeCloseTo(1, 4)
          expect(fitted.alpha / alpha).toBeCloseTo(1, 4)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('SNB: the estimated number of classes is that of the sample where nearly all of the population was drawn', () => {
    const sample = sampleOf({ 1: 20, 2: 10, 5: 2 })
    expect(shlosser(sample, 0.9999)).toBeCloseTo(32, 2)
    expect(estimateUniqueness(sample.classesOfSize, sample.rowCount, 'snb')?.share).toBe(20 / 50)
  })

  it('every estimate is a share, and more population leaves fewer unique by Pitman and Zayatz', () => {
    fc.assert(
      fc.property(histogram, fc.integer({ min: 2, max: 1_000 }), ({ classesOfSize, rowCount }, factor) => {
        for (const estimator of ['dankar', 'pitman', 'zayatz', 'snb'] as const) {
          const [small, large] = [rowCount * factor, rowCount * factor * 2].map((size) => estimateUniqueness(classesOfSize, size, estimator)?.share)
          if (small !== undefined) {
            expect(small).toBeGreaterThanOrEqual(0)
            expect(small).toBeLessThanOrEqual(1)
          }
          if (estimator !== 'zayatz' && estimator !== 'pitman') continue
          if (small !== undefined && large !== undefined) expect(large).toBeLessThanOrEqual(small + 1e-12)
        }
      }),
    )
  })

  it('the rule takes Pitman up to a tenth of the population, and the smaller of Zayatz and SNB above', () => {
    const sample = sampleOf({ 1: 120, 2: 30, 3: 12, 5: 4, 9: 1 })
    const { rowCount, classesOfSize } = sample
    expect(estimateUniqueness(classesOfSize, rowCount * 10)).toEqual({ share: pitman(sample, rowCount * 10), estimator: 'pitman' })
    const above = estimateUniqueness(classesOfSize, rowCount * 10 - 10)
    const rivals = (['zayatz', 'snb'] as const).map((estimator) => estimateUniqueness(classesOfSize, rowCount * 10 - 10, estimator)?.share ?? 1)
    expect(above?.share).toBe(Math.min(...rivals))
  })
})

describe.skipIf(!existsSync(adult))('Adult (where the reference data is absent, this is skipped)', () => {
  const rows = existsSync(adult) ? readFileSync(adult, 'utf8').split(/\r?\n/).slice(1).filter(Boolean) : []
  const names = ['sex', 'age', 'race', 'marital_status', 'education', 'native_country', 'workclass', 'occupation', 'salary_class']
  const table = textTable(
    names,
    rows.map((row) => row.split(';')),
  )
  const { sizes } = equivalenceClasses(table, names)

  it('risk of the untreated table', () => {
    const risk = sampleRisk(sizes, 0.2)
    expect(risk).toMatchObject({ rowCount: 30_162, classCount: 19_502, prosecutor: { highest: 1 } })
    expect(risk.prosecutor.average).toBeCloseTo(0.6465751608, 10)
    expect(risk.marketer).toBe(risk.prosecutor.average)
    expect(risk.unique).toBeCloseTo(0.5142895033, 10)
    expect(risk.prosecutor.recordsAtRisk).toBeCloseTo(0.7781314236, 10)
    expect(risk.histogram.at(-1)?.size).toBe(45)
  })

  it('population uniqueness among 317,238,626', () => {
    const histogramOfSizes = histogramOf(sizes)
    const chosen = estimateUniqueness(histogramOfSizes, 317_238_626)
    expect(chosen?.estimator).toBe('pitman')
    expect(chosen?.share).toBeCloseTo(0.0388961885, 10)
    expect(estimateUniqueness(histogramOfSizes, 317_238_626, 'zayatz')?.share).toBeCloseTo(0.2645647182, 10)
  })
})
