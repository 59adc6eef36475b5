import { describe, expect, it } from 'vitest'
import { dateOfBirth, defineModel, exact, forbid, fullName, name, nhsNumber, number, on, parseModel, prefix, text } from './define.ts'
import { linkAt, probabilityOf, sourceOf, weightOf } from './link.ts'

const simple = { link: 'dedupe', compare: [name('n')], block: [on('n')] } as const
const fault = (named: string, words: RegExp) => expect.objectContaining({ fault: named, message: expect.stringMatching(words) })

describe('models', () => {
  it('refuses a member nobody knows, with its place', () => {
    expect(() => parseModel({ ...defineModel(simple), treshold: 1 })).toThrow(fault('bad_model', /treshold/))
    expect(() => parseModel(null)).toThrow(fault('bad_model', /object/))
    expect(() => parseModel({ ...defineModel(simple), compare: [] })).toThrow(fault('bad_model', /\/compare/))
  })

  it('refuses two comparisons of one name, and one column read in two ways', () => {
    expect(() => defineModel({ ...simple, compare: [name('n'), name('n')] })).toThrow(fault('bad_model', /two comparisons have the name "n"/))
    expect(() => defineModel({ ...simple, compare: [name('n'), text('n', { name: 'again' })] })).toThrow(
      fault('bad_model', /"n" as text, an earlier one as name/),
    )
    expect(() => defineModel({ ...simple, compare: [name('n'), text('n', { name: 'again' })], columns: { n: 'name' } })).not.toThrow()
  })

  it('refuses conflict rules about comparisons and levels that are not there', () => {
    expect(() => defineModel({ ...simple, forbid: [forbid('twins', { dob: ['same'] })] })).toThrow(fault('unknown_comparison', /comparisons are n/))
    expect(() => defineModel({ ...simple, forbid: [forbid('twins', { n: ['equal'] })] })).toThrow(
      fault('unknown_level', /levels are missing, same, nearly the same/),
    )
  })

  it('refuses more patterns than a pattern number can hold', () => {
    const compare = Array.from({ length: 14 }, (_, index) => number(`n${index}`, { bands: [1, 2, 3, 4] }))
    expect(() => defineModel({ ...simple, compare })).toThrow(fault('too_many_patterns', /leave a comparison out/))
  })

  it('refuses a training that does not fit', () => {
    const training = { prior: 0.01, m: [[0, 1]], u: [[0, 1]], seed: 1, iterations: 1, warnings: [] }
    expect(() => parseModel({ ...defineModel(simple), training })).toThrow(fault('bad_model', /does not fit the comparison "n"/))
  })

  it('fills in the canonical form of each column, and reads its own JSON again', () => {
    const model = defineModel({
      link: 'both',
      compare: [...fullName('first', 'last'), dateOfBirth('dob', { order: 'dmy' }), exact('sex')],
      block: [on('last', 'dob'), on('site')],
      columns: { site: 'identifier' },
      forbid: [forbid('twins', { first: ['different'], dob: ['same'] })],
    })
    expect(Object.entries(model.columns).map(([column, { form }]) => [column, form])).toEqual([
      ['site', 'identifier'],
      ['first', 'name'],
      ['last', 'name'],
      ['dob', 'date'],
      ['sex', 'text'],
    ])
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model)
  })
})

describe('a model written by hand as JSON', () => {
  it('says the same in fewer words as the functions do', () => {
    const written = parseModel({
      link: 'dedupe',
      columns: { dob: { form: 'date', order: 'dmy' } },
      compare: [
        { kind: 'fullName', columns: ['first', 'last'] },
        { kind: 'dateOfBirth', columns: ['dob'] },
        { kind: 'nhsNumber', columns: ['nhs'], conflict: 'forbid' },
      ],
      block: [['nhs'], ['last', 'dob'], [{ column: 'first', take: 'prefix', length: 3 }, 'dob']],
      forbid: [{ name: 'relatives', when: { last: ['same'], dob: ['same'], first: ['different'] } }],
    })
    expect(written).toEqual(
      defineModel({
        link: 'dedupe',
        compare: [...fullName('first', 'last'), dateOfBirth('dob', { order: 'dmy' }), nhsNumber('nhs', { conflict: 'forbid' })],
        block: [on('nhs'), on('last', 'dob'), on(prefix('first', 3), 'dob')],
        forbid: [forbid('relatives', { last: ['same'], dob: ['same'], first: ['different'] })],
      }),
    )
  })

  it('names the place of each fault', () => {
    expect(() => parseModel({ link: 'dedupe', compare: [{ kind: 'nam', columns: ['a'] }], block: [[]] })).toThrow(
      fault('bad_model', /\/compare\/0\/kind.*\/block\/0\/terms/),
    )
    expect(() => parseModel({ link: 'dedupe', compare: [{ kind: 'fullName' }], block: [['a']] })).toThrow(fault('bad_model', /\/compare\/0\/columns/))
  })
})

describe('links', () => {
  it('names the source of each record', () => {
    const sources = { names: ['a', 'empty', 'b'], offsets: [0, 2, 2, 5] }
    expect([0, 1, 2, 4].map((record) => sourceOf(sources, record))).toEqual([
      { source: 0, row: 0 },
      { source: 0, row: 1 },
      { source: 2, row: 0 },
      { source: 2, row: 2 },
    ])
    for (const none of [-1, 5]) expect(() => sourceOf(sources, none)).toThrow(RangeError)
  })

  it('reads one link, and none beyond the last', () => {
    const links = {
      length: 1,
      left: Int32Array.of(3),
      right: Int32Array.of(7),
      weight: Float64Array.of(2),
      probability: Float64Array.of(0.8),
      pattern: Int32Array.of(5),
      rule: Int32Array.of(0),
      rules: ['dob'],
    }
    expect(linkAt(links, 0)).toEqual({ left: 3, right: 7, weight: 2, probability: 0.8, pattern: 5, rule: 'dob' })
    expect(() => linkAt(links, 1)).toThrow(/there is no link 1; there are 1/)
  })

  it('turns bits into probabilities and back', () => {
    for (const bits of [-30, -1, 0, 0.5, 20]) expect(weightOf(probabilityOf(bits))).toBeCloseTo(bits, 6)
    expect([probabilityOf(-5_000), probabilityOf(5_000)]).toEqual([0, 1])
  })
})
