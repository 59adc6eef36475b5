import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkerOf } from '../linker.ts'
import { dateOfBirth, defineModel, exact, fullName, name, nhsNumber, on, postcode } from '../model/define.ts'
import { peopleSource, sourceOf } from '../testing/records.ts'
import { maximise } from './em.ts'
import { histogramBuilder, mergeHistograms } from './histogram.ts'
import { seededUint32, visitRandomPairs } from './random-pairs.ts'

const model = defineModel({
  link: 'dedupe',
  compare: [...fullName('forename', 'surname'), dateOfBirth('dob'), postcode('postcode'), exact('sex')],
  block: [on('surname', 'dob'), on('forename', 'dob'), on('postcode', 'surname')],
})
const columns = ['forename', 'surname', 'dob', 'postcode', 'sex']

describe('a histogram of patterns', () => {
  it('counts as a map would, and parts add up in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(3_000_000_00))), (parts) => {
        const plain = new Map<number, number>()
        const built = parts.map((patterns) => {
          const builder = histogramBuilder()
          for (const pattern of patterns) {
            builder.add(pattern)
            plain.set(pattern, (plain.get(pattern) ?? 0) + 1)
          }
          return builder.build()
        })
        const merged = mergeHistograms(built)
        expect(merged).toEqual(mergeHistograms(built.toReversed()))
        expect([...merged.patterns].map((pattern, index) => [pattern, merged.counts[index]])).toEqual([...plain].sort(([one], [other]) => one - other))
      }),
    )
  })

  it('grows', () => {
    const builder = histogramBuilder()
    for (let pattern = 0; pattern < 20_000; pattern++) builder.add(pattern * 7, 2)
    const { patterns, counts } = builder.build()
    expect([patterns.length, patterns[19_999], counts[123]]).toEqual([20_000, 139_993, 2])
  })
})

describe('expectation maximisation', () => {
  it('finds the parameters that the data was drawn with', () => {
    const truth = { prior: 0.02, m: [0.9, 0.8, 0.7], u: [0.05, 0.01, 0.2] }
    const next = seededUint32(7)
    const chance = (share: number) => next() / 2 ** 32 < share
    const pairs = 200_000
    const histogram = histogramBuilder()
    for (let pair = 0; pair < pairs; pair++) {
      const match = chance(truth.prior)
      const levels = truth.m.map((m, index) => (chance(match ? m : (truth.u[index] ?? 0)) ? 1 : 2))
      histogram.add(levels.reduce((sum, level, index) => sum + level * 3 ** index, 0))
    }
    const found = maximise({
      histogram: histogram.build(),
      levelCounts: [3, 3, 3],
      m: truth.m.map(() => Float64Array.of(0, 0.95, 0.05)),
      random: truth.u.map((u, index) => {
        const same = truth.prior * (truth.m[index] ?? 0) + (1 - truth.prior) * u
        return Float64Array.of(0, same, 1 - same)
      }),
      randomPairs: pairs,
      allPairs: pairs,
    })
    expect(found.prior).toBeCloseTo(truth.prior, 2)
    for (const [index, m] of truth.m.entries()) expect(Math.abs((found.m[index]?.[1] ?? 0) - m)).toBeLessThan(0.03)
    for (const [index, u] of truth.u.entries()) expect(Math.abs((found.u[index]?.[1] ?? 0) - u)).toBeLessThan(0.003)
  })
})

describe('random pairs', () => {
  it('are all pairs while they are few, and only allowed ones', () => {
    const seen: string[] = []
    visitRandomPairs('link', [0, 2, 4], 100, 1, (left, right) => seen.push(`${left}${right}`))
    expect(seen).toEqual(['02', '03', '12', '13'])
    let drawn = 0
    visitRandomPairs('dedupe', [0, 50, 100], 500, 1, (left, right) => {
      drawn++
      expect(left).toBeLessThan(right)
      expect(left < 50).toBe(right < 50)
    })
    expect(drawn).toBe(500)
  })
})

describe('training', () => {
  it.each([0, 1])('refuses a file of %i records', (count) => {
    const records = Array.from({ length: count }, () => ({ forename: 'Ada', surname: 'King', dob: null, postcode: null, sex: 'F' }))
    expect(() => linkerOf(model, [sourceOf('s', records, columns)]).train()).toThrow(expect.objectContaining({ fault: 'too_few_records' }))
  })

  it('refuses to link one source with none', () => {
    const records = [
      { n: 'Ada', x: 'a' },
      { n: 'Bo', x: 'b' },
    ]
    const linking = defineModel({ link: 'link', compare: [name('n')], block: [on('n')] })
    expect(() => linkerOf(linking, [sourceOf('s', records), sourceOf('t', [], ['n', 'x'])]).train()).toThrow(
      expect.objectContaining({ fault: 'too_few_records', message: expect.stringContaining('2 and 0') }),
    )
  })

  it('leaves no level without weight, and says which were never seen', () => {
    const { training } = linkerOf(model, [peopleSource('s', { records: 400 })]).train().model
    for (const shares of [...(training?.m ?? []), ...(training?.u ?? [])]) {
      expect(shares.slice(1).every((share) => share > 0)).toBe(true)
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
    }
    expect(training?.warnings.join('\n')).toMatch(/"forename" was never seen at the level "initial" among matches or random pairs; its weight is smoothed/)
  })

  it('says so when a column can mostly not be read', () => {
    const { records } = peopleSource('s', { records: 300 })
    const slashed = records.map((record) => ({
      ...record,
      dob:
        String(record.dob ?? '')
          .split('-')
          .reverse()
          .join('/') || null,
    }))
    expect(linkerOf(model, [sourceOf('s', slashed)]).train().model.training?.warnings[0]).toBe(
      '100 % of the values of "dob" are taken for no value, most of them because it is no calendar date; dates that are not ISO 8601 need their order declared.',
    )
  })

  it('says so when blocking finds hardly a match', () => {
    const strangers = peopleSource('s', { records: 50, again: 0 })
    expect(linkerOf(model, [strangers]).train().model.training?.warnings[0]).toMatch(/only about \d+\.\d matches/)
  })

  it('gives one result for one seed', () => {
    const train = (seed: number) => linkerOf(model, [peopleSource('s', { records: 3_000 })]).train({ seed, samplePairs: 20_000 }).model
    expect(train(3)).toEqual(train(3))
    expect(train(3)).not.toEqual(train(4))
  })

  it('takes the prior from strict rules where they are given', () => {
    const withNumber = defineModel({ link: 'dedupe', compare: [name('surname'), nhsNumber('nhs')], block: [on('nhs'), on('surname')] })
    const linker = linkerOf(withNumber, [peopleSource('s', { records: 2_000 })])
    const one = linker.train({ priorFrom: [on('nhs')], assumedRecall: 1 }).model.training?.prior ?? 0
    const half = linker.train({ priorFrom: [on('nhs')], assumedRecall: 0.5 }).model.training?.prior ?? 0
    expect(half / one).toBeCloseTo(2, 9)
  })
})
