import { beforeAll, describe, expect, it } from 'vitest'
import { levelsOf } from '../compare/levels.ts'
import { curve } from '../evaluate/curve.ts'
import { truthOfPeople } from '../evaluate/truth.ts'
import { type Linker, linkerOf } from '../linker.ts'
import { dateOfBirth, defineModel, exact, fullName, nhsNumber, on, postcode } from '../model/define.ts'
import type { Links, PairWeight, WeightPart } from '../model/link.ts'
import { comparisonKinds } from '../model/schema.ts'
import { requireTrained } from '../predict/weights.ts'
import { peopleSource, type TestSource, truthOf } from '../testing/records.ts'
import { thresholdChart } from './threshold-chart.ts'
import { waterfall } from './waterfall.ts'
import { waterfallChart } from './waterfall-chart.ts'
import { levelWeights, weightsChart } from './weights-chart.ts'
import { inBits, partSentence, probabilityInWords, totalSentence } from './words.ts'

const part = (more: Partial<WeightPart>): WeightPart => ({
  comparison: 'surname',
  columns: ['surname'],
  level: 1,
  label: 'same',
  bits: 6,
  termFrequencyBits: 0,
  ...more,
})
const weight = (parts: WeightPart[], more: Partial<PairWeight> = {}): PairWeight => {
  const total = parts.reduce((sum, each) => sum + each.bits + each.termFrequencyBits, -10)
  return { left: 3, right: 8, prior: -10, parts, total, probability: 1 / (1 + 2 ** -total), ...more }
}

let source: TestSource
let linker: Linker
let links: Links
beforeAll(() => {
  source = peopleSource('people', { records: 1_500 })
  const model = defineModel({
    link: 'dedupe',
    compare: [...fullName('forename', 'surname'), dateOfBirth('dob'), postcode('postcode'), exact('sex'), nhsNumber('nhs', { conflict: 'forbid' })],
    block: [on('nhs'), on('surname', 'dob'), on('forename', 'dob'), on('postcode')],
  })
  linker = linkerOf(model, [source]).train({ seed: 7 })
  links = linker.predict({ atLeast: 0.01 })
})

describe('a waterfall', () => {
  it('hides every value unless it is told to show it', () => {
    const hidden = waterfall(weight([part({})]))
    expect(hidden.steps[0]).toMatchObject({ left: [{ hidden: true }], right: [{ hidden: true }] })
    const chart = waterfallChart(
      'w',
      waterfall(weight([part({}), part({ columns: ['dob'], comparison: 'dob' })]), (column, record) => (column === 'dob' ? null : `value-${record}`)),
    )
    expect(chart.table.toString()).toContain('value-3')
    expect(chart.table.toString()).toContain('missing')
    expect(chart.svg.toString()).not.toContain('value-3')
  })

  it('of every link adds up: prior and parts are the total, to 1e-9', () => {
    expect(links.length).toBeGreaterThan(300)
    for (let index = 0; index < links.length; index++) {
      const fall = waterfall(linker.explain(links.left[index] as number, links.right[index] as number))
      const sum = fall.steps.reduce((total, step) => total + step.bits, fall.prior)
      expect(Math.abs(sum - fall.total)).toBeLessThan(1e-9)
      expect(Math.abs(fall.total - (links.weight[index] as number))).toBeLessThan(1e-9)
      expect(Math.abs((fall.steps.at(-1)?.to ?? 0) - fall.total)).toBeLessThan(1e-9)
    }
  })

  it('holds no value of a record in any sentence, chart or description', () => {
    const [left, right] = [links.left[0] as number, links.right[0] as number]
    const told = JSON.stringify(waterfall(linker.explain(left, right)))
    const drawn = waterfallChart('w', waterfall(linker.explain(left, right)))
    const values = [left, right].flatMap((record) => Object.values(source.records[record] ?? {}).map(String)).filter((value) => value.length > 3)
    expect(values.length).toBeGreaterThan(4)
    for (const value of values) for (const text of [told, drawn.svg.toString(), drawn.table.toString()]) expect(text).not.toContain(value)
  })
})

describe('words', () => {
  it('tell bits, level and how rare the value is', () => {
    expect(partSentence(part({ termFrequencyBits: 1.3 }))).toBe('+7.3 bits because surname is the same and rare')
    expect(partSentence(part({ termFrequencyBits: -2 }))).toBe('+4.0 bits because surname is the same but common')
    expect(partSentence(part({ bits: -4.26, label: 'different', comparison: 'date_of_birth' }))).toBe('−4.3 bits because date of birth is different')
    expect(partSentence(part({ level: 0, label: 'missing', bits: 0 }))).toContain('says nothing')
    expect(partSentence(part({ label: 'within 10 km' }))).toContain('surname is within 10 km')
    expect(partSentence(part({ label: 'band 9' }))).toContain('is at the level “band 9”')
  })

  it('name the rule that forbids a link', () => {
    expect(totalSentence(weight([], { forbidden: 'different nhs', probability: 0 }))).toContain('Not one person: the rule “different nhs” forbids it')
  })

  it('have a phrase for each level of each kind of comparison', () => {
    for (const kind of comparisonKinds) {
      const columns = kind === 'geo' || kind === 'name' ? ['a', 'b'] : ['a']
      const levels = levelsOf({ name: 'a', kind, columns, termFrequency: false, ...(kind === 'name' ? { swap: 'counts' as const } : {}) })
      for (const [level, { label }] of levels.entries()) expect(partSentence(part({ level, label }))).not.toContain('at the level')
    }
  })

  it('never make certain what is not', () => {
    expect(probabilityInWords(0.99999)).toBe('more than 99.99 %')
    expect(probabilityInWords(0.00001)).toBe('less than 0.01 %')
    expect([probabilityInWords(0.9932), probabilityInWords(0.5), probabilityInWords(1)]).toEqual(['99.32 %', '50 %', '100 %'])
    expect([inBits(Number.POSITIVE_INFINITY), inBits(-0.01), inBits(2)]).toEqual(['certain by a rule', '0.0 bits', '+2.0 bits'])
  })
})

describe('charts', () => {
  it('escape names, have a title and a description that the picture points to, and a table with the same figures', () => {
    const { model } = linker
    requireTrained(model)
    const truth = truthOfPeople(
      truthOf([source], (record) => record.person),
      'dedupe',
      [0, source.data.rowCount],
    )
    const evil = waterfall(weight([part({ comparison: '<script>alert(1)</script>' })]))
    const charts = [waterfallChart('a', evil), weightsChart('b', levelWeights(model)), thresholdChart('c', curve(links, truth).points, 0)]
    for (const [index, { svg, table }] of charts.entries()) {
      const id = 'abc'.charAt(index)
      expect(svg.toString()).toContain(`role="img" aria-labelledby="${id}-t ${id}-d"`)
      expect(svg.toString()).toMatch(new RegExp(`<title id="${id}-t">[^<]+</title><desc id="${id}-d">[^<]+</desc>`))
      expect(svg.toString() + table.toString()).not.toMatch(/NaN|Infinity|undefined|<script/)
      expect(table.toString()).toMatch(/<caption>[^<]+<\/caption>.*<th scope="row">/s)
    }
    expect(charts[1]?.table.toString().match(/<tr>/g)).toHaveLength(levelWeights(model).length + 1)
  })

  it('stand with nothing to show', () => {
    expect(thresholdChart('c', []).svg.toString()).toContain('No link could be judged')
    expect(weightsChart('b', []).svg.toString()).not.toContain('NaN')
  })
})
