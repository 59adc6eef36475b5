import { canonicalJson } from '@gatehouse/core/canonical-json'
import { nodePrimitives } from '@gatehouse/crypto/node'
import type { SourceRecord } from '@gatehouse/tabular/value'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clkText } from './bloom/clk.ts'
import { clkEncoder } from './bloom/encode.ts'
import { defineClkSchema } from './bloom/schema.ts'
import { linkerOf } from './linker.ts'
import { clk, dateOfBirth, defineModel, email, exact, forbid, fullName, nhsNumber, on, parseModel, postcode, sampled, token } from './model/define.ts'
import { modelHash } from './model/hash.ts'
import type { Links } from './model/link.ts'
import { bandOf, bandTotals, calibrate, isotonic } from './predict/calibrate.ts'
import { mergeLinks } from './predict/link-buffer.ts'
import { levelsOfPattern, radixOf } from './predict/pattern.ts'
import { chunksOf, predictChunk } from './predict/predict.ts'
import { calibrated } from './predict/score.ts'
import { shareable } from './predict/share.ts'
import { peopleSource, qualityOf, sourceOf, truthOf } from './testing/records.ts'

const model = defineModel({
  link: 'dedupe',
  compare: [
    ...fullName('forename', 'surname'),
    dateOfBirth('dob'),
    postcode('postcode'),
    exact('sex', { termFrequency: true }),
    nhsNumber('nhs', { conflict: 'forbid' }),
  ],
  block: [on('nhs'), on('surname', 'dob'), on('forename', 'dob'), on('postcode', 'surname')],
  forbid: [forbid('relatives', { surname: ['same'], dob: ['same'], forename: ['different'] })],
})
const people = peopleSource('people', { records: 2_500 })
const linker = linkerOf(model, [people]).train()

const pairsOf = (links: Links) => Array.from({ length: links.length }, (_, index) => [links.left[index], links.right[index], links.weight[index]] as const)

describe('a linker', () => {
  it('refuses to predict, explain or add before it is trained', () => {
    const untrained = linkerOf(model, [people])
    const refusal = expect.objectContaining({ fault: 'not_trained' })
    expect(() => untrained.predict()).toThrow(refusal)
    expect(() => untrained.explain(0, 1)).toThrow(refusal)
    expect(() => untrained.add(people)).toThrow(refusal)
  })

  it('refuses a model that compares otherwise', () => {
    expect(() => linker.withModel({ ...linker.model, block: [on('nhs')] })).toThrow(expect.objectContaining({ fault: 'bad_model' }))
  })

  it('refuses to block beyond the cap', () => {
    const capped = linkerOf({ ...linker.model, pairCap: 10 }, [people])
    expect(() => capped.predict()).toThrow(expect.objectContaining({ fault: 'too_many_pairs' }))
    expect(() => capped.add({ ...people, name: 'again' })).toThrow(expect.objectContaining({ fault: 'too_many_pairs' }))
  })

  it('links nearly all people that blocking finds, and hardly a wrong one', () => {
    const truth = truthOf([people], (record) => record.person)
    const quality = qualityOf(linker.predict({ atLeast: 0.9 }), truth, 'dedupe', linker.table.sources.offsets)
    expect(quality.precision).toBeGreaterThan(0.995)
    expect(quality.recall / (linker.blocking(truth).coverage ?? 0)).toBeGreaterThan(0.985)
  })

  it('finds nothing in an empty source and in one record', () => {
    for (const records of [[], people.records.slice(0, 1)]) {
      expect(linkerOf(linker.model, [sourceOf('few', records, Object.keys(people.records[0] ?? {}))]).predict().length).toBe(0)
    }
  })

  it('gives byte for byte the same links however the work is cut', () => {
    const whole = linker.predict({ atLeast: 0.2 })
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 2_000 }), fc.integer({ min: 1, max: 3 }), (size, workers) => {
        const chunks = chunksOf(linker.prepared, size)
        const parts = Array.from({ length: workers }, (_, worker) => chunks.filter((_, index) => index % workers === worker))
        const copies = parts.map(() => structuredClone({ prepared: linker.prepared, weights: linker.weights }))
        const links = parts.flatMap((part, worker) =>
          part.map((chunk) => predictChunk(copies[worker]!.prepared, copies[worker]!.weights, chunk, { atLeast: 0.2 })),
        )
        expect(mergeLinks(links)).toEqual(whole)
      }),
      { numRuns: 4 },
    )
  })

  it('gives each pair once, in order, at or above the threshold and never a forbidden one', () => {
    const links = linker.predict({ atLeast: 0.3 })
    const keys = pairsOf(links).map(([left, right]) => (left ?? 0) * 1e6 + (right ?? 0))
    expect(keys).toEqual([...new Set(keys)].sort((one, other) => one - other))
    for (let index = 0; index < links.length; index++) {
      expect(links.left[index]).toBeLessThan(links.right[index] ?? 0)
      expect(links.probability[index]).toBeGreaterThanOrEqual(0.3)
      expect(linker.cannotLink(links.left[index] ?? 0, links.right[index] ?? 0)).toBeUndefined()
    }
  })

  it('keeps one model through JSON', () => {
    const again = linkerOf(parseModel(JSON.parse(JSON.stringify(linker.model))), [people])
    expect(again.predict()).toEqual(linker.predict())
  })

  it('explains every link: prior and parts are the total', () => {
    const links = linker.predict({ atLeast: 0.01 })
    expect(links.length).toBeGreaterThan(500)
    for (const [index, [left, right, weight]] of pairsOf(links).entries()) {
      const why = linker.explain(left ?? 0, right ?? 0)
      const sum = why.parts.reduce((bits, part) => bits + part.bits + part.termFrequencyBits, why.prior)
      expect(Math.abs(sum - (weight ?? 0))).toBeLessThan(1e-9)
      expect(why.total).toBe(weight)
      expect(why.probability).toBe(links.probability[index])
      expect(why.parts.map((part) => part.level)).toEqual(
        levelsOfPattern(
          links.pattern[index] ?? 0,
          linker.prepared.comparisons.map((comparison) => comparison.levelCount),
        ),
      )
    }
    expect(() => linker.explain(0, 2_500)).toThrow(/there is no record 2500; there are 2500/)
  })

  it('weighs rare names more than common ones', () => {
    const links = linker.predict()
    const bits = pairsOf(links).flatMap(([left, right]) => {
      const part = linker.explain(left ?? 0, right ?? 0).parts[1]
      return part?.label === 'same' ? [part.termFrequencyBits] : []
    })
    expect(Math.max(...bits)).toBeGreaterThan(0.5)
    expect(Math.min(...bits)).toBeLessThan(-0.5)
  })

  it('says what forbids a link, whatever it weighs', () => {
    const ada = { forename: 'Ada', surname: 'King', dob: '1980-02-03', postcode: 'YO22 9AJ', sex: 'F', nhs: '9434765919' }
    const bea = { ...ada, forename: 'Walburga', nhs: null }
    const other = { ...ada, nhs: '4010232137' }
    expect(linker.scorePair(ada, ada)).toMatchObject({ probability: expect.closeTo(1, 6) })
    expect(linker.scorePair(ada, bea)).toMatchObject({ forbidden: 'relatives', probability: 0 })
    expect(linker.scorePair(ada, other)).toMatchObject({ forbidden: 'different nhs', probability: 0 })
    expect(() => linker.scorePair(ada, {})).toThrow(expect.objectContaining({ fault: 'missing_column' }))
  })

  it('scores a pair by itself as it does within the table', () => {
    const links = linker.predict({ atLeast: 0.2 })
    for (const [left, right, weight] of pairsOf(links).slice(0, 100)) {
      const [one, other] = [people.records[left ?? 0], people.records[right ?? 0]]
      if (one !== undefined && other !== undefined) expect(linker.scorePair(one, other).total).toBeCloseTo(weight ?? 0, 9)
    }
  })

  it('adds records as predicting all at once would, under the frequencies there are then', () => {
    const first = sourceOf('first', people.records.slice(0, 2_000))
    const second = sourceOf('second', people.records.slice(2_000))
    const both = { ...linker.model, link: 'both' as const }
    const { linker: grown, links } = linkerOf(both, [first]).add(second)
    const whole = linkerOf(both, [first, second])
    const expected = pairsOf(whole.predict()).filter(([, right]) => (right ?? 0) >= 2_000)
    expect(pairsOf(links)).toEqual(expected)
    expect(links.length).toBeGreaterThan(100)
    expect(grown.predict()).toEqual(whole.predict())
    expect(grown.explain(0, 2_300)).toEqual(whole.explain(0, 2_300))
  })

  it('repeats no value in a message or a warning', () => {
    const planted = 'planted-secret-value'
    const records = people.records.slice(0, 50).map((record) => ({ ...record, forename: planted, nhs: planted }))
    const trained = linkerOf({ ...model, pairCap: 5 }, [sourceOf('planted', records)])
    try {
      trained.train()
      expect.unreachable('the cap is exceeded')
    } catch (error) {
      expect(String(error)).not.toContain('planted-secret')
    }
    expect(JSON.stringify(linkerOf(model, [sourceOf('planted', records)]).train().model)).not.toContain('planted')
  })

  it('links pseudonyms as it links names', () => {
    const records = [
      { t: 'fit1.x.AAA', e: 'ada@one.example' },
      { t: 'fit1.x.AAA', e: null },
      { t: 'fit1.x.aaa', e: 'bo@two.example' },
    ]
    const byToken = linkerOf(defineModel({ link: 'dedupe', compare: [token('t'), email('e')], block: [on('t')] }), [sourceOf('s', records)])
    const report = byToken.blocking(Int32Array.of(0, 0, 1))
    expect([report.pairs, report.coverage]).toEqual([1, 1])
    expect(byToken.train().explain(0, 2).parts[0]?.label).toBe('different')
  })
})

describe('encoded columns', () => {
  const schema = defineClkSchema({
    fields: ['forename', 'surname', 'dob', 'postcode'].map((column) => ({
      column,
      form: { form: column === 'dob' ? 'date' : column === 'postcode' ? 'postcode' : 'name', version: 1 },
    })),
  })
  const encoder = clkEncoder(nodePrimitives, new Uint8Array(32).fill(7), schema)
  const encoded = (records: readonly SourceRecord[]) =>
    sourceOf(
      'encoded',
      records.map((record) => {
        const { clk: filter } = encoder.encode(record as Record<string, string | null>)
        return { filter: filter === undefined ? null : clkText(encoder.schemaHash, filter), person: record.person ?? null }
      }),
    )
  const clkModel = defineModel({ link: 'dedupe', compare: [clk('filter')], block: sampled('filter', 24, 14) })

  it('refuses filters of two schemas, and what is no filter is no value', () => {
    const other = clkText('another', new Uint8Array(128).fill(1))
    const two = [...encoded(people.records.slice(0, 2)).records, { filter: other, person: 'x' }]
    expect(() => linkerOf(clkModel, [sourceOf('two', two)])).toThrow(expect.objectContaining({ fault: 'bad_value' }))
    const junk = linkerOf(clkModel, [sourceOf('junk', [{ filter: 'clk2.a.b' }, { filter: 'Ada' }])])
    expect(junk.table.columns.get('filter')?.refused).toEqual([{ because: 'it is no CLK, which reads clk1.<schema>.<bits>', count: 2 }])
  })

  it('link by Dice’s coefficient, and new ones are added', () => {
    const records = people.records.slice(0, 600)
    const [first, second] = [encoded(records.slice(0, 500)), { ...encoded(records.slice(500)), name: 'later' }]
    const truth = truthOf([first], (record) => record.person)
    const trained = linkerOf(clkModel, [first]).train()
    const quality = qualityOf(trained.predict({ atLeast: 0.5 }), truth, 'dedupe', trained.table.sources.offsets)
    expect(quality.precision).toBeGreaterThan(0.95)
    expect(quality.recall).toBeGreaterThan(0.8)
    const both = linkerOf({ ...trained.model, link: 'both' }, [first])
    expect(both.add(second, { atLeast: 0.5 }).links.length).toBeGreaterThan(20)
  })
})

describe('a model’s hash', () => {
  it('is of its content: the order of members makes no difference, a weight does', () => {
    const hash = modelHash(nodePrimitives, linker.model)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(modelHash(nodePrimitives, parseModel(JSON.parse(canonicalJson(linker.model))))).toBe(hash)
    const { training } = linker.model
    expect(training && modelHash(nodePrimitives, { ...linker.model, training: { ...training, prior: training.prior / 2 } })).not.toBe(hash)
  })
})

describe('shared memory', () => {
  it('holds the same, and scores the same', () => {
    const shared = shareable(linker.prepared)
    expect(shared).toEqual(linker.prepared)
    expect(shared.comparisons[0]?.columns[0]?.codes.buffer).toBeInstanceOf(SharedArrayBuffer)
    const parts = chunksOf(shared, 500).map((chunk) => predictChunk(shared, shareable(linker.weights), chunk))
    expect(mergeLinks(parts)).toEqual(linker.predict())
    expect(() => shareable({ clamped: new Uint8ClampedArray(1) })).toThrow(TypeError)
  })
})

describe('patterns', () => {
  it('are the levels, and back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 2, max: 8 }), fc.nat()), { minLength: 1, maxLength: 10 }), (digits) => {
        const counts = digits.map(([count]) => count)
        const levels = digits.map(([count, any]) => any % count)
        const radix = radixOf(counts)
        const pattern = levels.reduce((sum, level, index) => sum + level * (radix[index] ?? 0), 0)
        expect(levelsOfPattern(pattern, counts)).toEqual(levels)
      }),
    )
  })
})

describe('calibration', () => {
  it('refuses too few labels, or labels of one kind', () => {
    if (linker.model.training === undefined) throw new Error('trained above')
    const trained = { ...linker.model, training: linker.model.training }
    const label = (weight: number) => ({ weight, match: weight > 0 })
    for (const labels of [[-1, 1].map(label), Array.from({ length: 40 }, (_, index) => label(index + 1))]) {
      expect(() => calibrate(trained, labels)).toThrow(expect.objectContaining({ fault: 'too_few_records' }))
    }
  })

  it('never turns the order of weights round, and stays off 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ weight: fc.integer({ min: -20, max: 20 }), match: fc.boolean() }), { minLength: 2, maxLength: 60 }), (labels) => {
        const calibration = isotonic(labels)
        const found = Array.from({ length: 60 }, (_, index) => calibrated(index - 30, calibration))
        expect(found).toEqual(found.toSorted((one, other) => one - other))
        expect(found[0]).toBeGreaterThan(0)
        expect(found.at(-1)).toBeLessThan(1)
      }),
    )
  })

  it('finds what labels show', () => {
    const labels = Array.from({ length: 1_000 }, (_, index) => ({ weight: (index % 10) - 5, match: Math.floor(index / 10) < 10 * (index % 10) }))
    const calibration = isotonic(labels)
    expect(calibrated(0, calibration)).toBeCloseTo(0.5, 1)
    expect(calibrated(4, calibration)).toBeCloseTo(0.9, 1)
  })

  it('sorts links into those that stand, those for a person, and the rest', () => {
    const band = { review: 0.2, link: 0.9 }
    expect([0.95, 0.9, 0.5, 0.1].map((probability) => bandOf(probability, band))).toEqual(['link', 'link', 'review', 'apart'])
    const links = linker.predict({ atLeast: 0.01 })
    const totals = bandTotals(links, band)
    expect(totals.links + totals.toReview).toBe([...links.probability].filter((probability) => probability >= 0.2).length)
    expect(totals.expectedFalse).toBeLessThan(totals.links * 0.1)
  })
})
