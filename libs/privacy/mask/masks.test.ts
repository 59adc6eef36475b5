import { nodePrimitives } from '@gatehouse/crypto/node'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskRecord, maskValue, requiredTableTokens } from './apply.ts'
import { type MaskKind, type MaskSpec, maskOf, masks } from './catalogue.ts'
import type { MaskContext, MaskOutcome, MaskValue } from './mask.ts'
import { preview } from './preview.ts'
import { parseMask, validateMask } from './spec.ts'
import { drawTableToken } from './token.ts'
import { unmask } from './unmask.ts'

const key = (byte: number) => new Uint8Array(32).fill(byte)
const context: MaskContext = { primitives: nodePrimitives, partnerKey: key(1), subjectKey: key(2) }
const otherPartner: MaskContext = { ...context, partnerKey: key(3) }
const otherSubject: MaskContext = { ...context, subjectKey: key(4) }
const field = 'code'

function spec(value: unknown): MaskSpec {
  const read = parseMask(value)
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.spec
}
const run = (value: MaskValue, mask: unknown, at = context): MaskOutcome => maskValue(value, spec(mask), { field, context: at })
const out = (value: MaskValue, mask: unknown, at = context): MaskValue | undefined => {
  const outcome = run(value, mask, at)
  return 'value' in outcome ? outcome.value : undefined
}

describe('a mask is refused', () => {
  it.each<[string, unknown, string]>([
    ['when it does not exist', { mask: 'blur' }, '/mask'],
    ['when it is no object', 'keep', '/mask'],
    ['when it is named like a method', { mask: 'constructor' }, '/mask'],
    ['with an unknown parameter', { mask: 'keep', really: true }, ''],
    ['when it would keep nothing', { mask: 'partial' }, ''],
    ['with edges out of order', { mask: 'number_bucket', edges: [1, 1] }, '/edges'],
    ['with a min above the max', { mask: 'number_top_code', max: 1, min: 2 }, '/min'],
    ['with a fill of two characters', { mask: 'last_n', n: 2, fill: '**' }, '/fill'],
  ])('%s', (_, mask, pointer) => expect(validateMask(mask)).toMatchObject([{ pointer }]))

  it('on a field it cannot treat', () => {
    expect(validateMask({ mask: 'date_shift' }, 'string')).toMatchObject([
      { pointer: '/mask', detail: 'date_shift treats date, instant, and the field is of type string' },
    ])
    expect(validateMask({ mask: 'token', alphabet: 'digits' }, 'integer')).toHaveLength(1)
    expect(validateMask({ mask: 'token' }, 'integer')).toEqual([])
  })
})

describe('a value its mask cannot treat is given as null, with a note', () => {
  it.each<[unknown, MaskValue]>([
    [{ mask: 'date_truncate', to: 'year' }, '31.12.1980'],
    [{ mask: 'date_truncate', to: 'year' }, '1981-02-29'],
    [{ mask: 'date_truncate', to: 'year' }, 1980],
    [{ mask: 'date_shift' }, '1980-05'],
    [{ mask: 'date_shift' }, '9999-12-31T24:00:00Z'],
    [{ mask: 'email' }, 'nobody'],
    [{ mask: 'email' }, 'a@b@c'],
    [{ mask: 'phone' }, 'call me'],
    [{ mask: 'phone' }, '123456'],
    [{ mask: 'partial', keep_first: 1 }, 12345],
    [{ mask: 'last_n', n: 4 }, true],
    [{ mask: 'geo_prefix', keep: 5 }, '90210'],
    [{ mask: 'number_round', to: 10 }, '12'],
    [{ mask: 'number_bucket', edges: [10] }, '12'],
    [{ mask: 'number_top_code', max: 10 }, '12'],
    [{ mask: 'token', alphabet: 'digits' }, '12345678a'],
    [{ mask: 'token', alphabet: 'digits' }, '12345'],
    [{ mask: 'token', alphabet: 'digits' }, '--'],
    [{ mask: 'token', alphabet: 'upper_alphanumeric' }, 'ABCDef'],
    [{ mask: 'token', alphabet: 'digits' }, '1'.repeat(129)],
    [{ mask: 'token' }, '\ud800'],
    [{ mask: 'keep' }, { nested: 'object' } as unknown as MaskValue],
    [{ mask: 'keep' }, Number.NaN],
  ])('%j of %j', (mask, value) => {
    const { record, notes } = maskRecord({ code: value }, { code: spec(mask) }, context)
    expect(record).toEqual({ code: null })
    expect(notes).toMatchObject([{ field: 'code', mask: (mask as MaskSpec).mask }])
    if (typeof value === 'string' && value.length > 2) expect(notes[0]?.detail).not.toContain(value)
  })
})

describe('a value its mask can treat', () => {
  it.each<[unknown, MaskValue, MaskValue]>([
    [{ mask: 'keep' }, 'Ada', 'Ada'],
    [{ mask: 'redact' }, 'Ada', null],
    [{ mask: 'constant', value: 'hidden' }, 'Ada', 'hidden'],
    [{ mask: 'constant', value: 'hidden' }, null, 'hidden'],
    [{ mask: 'keep' }, null, null],
    [{ mask: 'hash' }, null, null],
    [{ mask: 'partial', keep_first: 2, keep_last: 1 }, 'Lovelace', 'Lo*****e'],
    [{ mask: 'partial', keep_first: 2, keep_last: 1 }, 'Ada', '***'],
    [{ mask: 'partial', keep_first: 1, fill: '·' }, '😀bc', '😀··'],
    [{ mask: 'last_n', n: 4 }, '123-45-6789', '***-**-6789'],
    [{ mask: 'last_n', n: 4, keep_separators: false }, '123-45-6789', '*******6789'],
    [{ mask: 'last_n', n: 4 }, '67-89', '**-**'],
    [{ mask: 'email' }, 'ada@example.org', '***@example.org'],
    [{ mask: 'email', show: 'first_letter' }, 'ada@example.org', 'a***@example.org'],
    [{ mask: 'phone' }, '+44 20 7946 0958', '+44 ** **** **58'],
    [{ mask: 'phone', keep_last: 0 }, '+353 1 234 5678', '+353 * *** ****'],
    [{ mask: 'phone' }, '030 1234567', '*** *****67'],
    [{ mask: 'date_truncate', to: 'year' }, '1984-05-17', '1984'],
    [{ mask: 'date_truncate', to: 'quarter' }, '1984-05-17', '1984-Q2'],
    [{ mask: 'date_truncate', to: 'month' }, '1984', '1984'],
    [{ mask: 'date_truncate', to: 'day' }, '1984-05-17T23:30:00-02:00', '1984-05-18'],
    [{ mask: 'date_truncate', to: 'hour' }, '1984-05-17T23:30:00Z', '1984-05-17T23:00:00.000Z'],
    [{ mask: 'number_round', to: 1000 }, 41_499, 41_000],
    [{ mask: 'number_round', to: 0.1 }, 0.31, 0.3],
    [{ mask: 'number_bucket', edges: [18, 65] }, 17, '< 18'],
    [{ mask: 'number_bucket', edges: [18, 65] }, 18, '18 to < 65'],
    [{ mask: 'number_bucket', edges: [18, 65] }, 65, '>= 65'],
    [{ mask: 'number_top_code', max: 90 }, 104, 90],
    [{ mask: 'number_top_code', max: 90, min: 18 }, 3, 18],
    [{ mask: 'geo_prefix', keep: 3 }, '90210', '902'],
  ])('%j turns %j into %j', (mask, value, masked) => expect(out(value, mask)).toEqual(masked))

  it('is left out by drop, even when there is none', () => {
    expect(run('Ada', { mask: 'drop' })).toEqual({ drop: true })
    expect(run(null, { mask: 'drop' })).toEqual({ drop: true })
  })
})

describe('keys keep partners, people and fields apart', () => {
  it.each([{ mask: 'hash' }, { mask: 'token' }, { mask: 'token', alphabet: 'digits' }])('%j', (mask) => {
    expect(out('0123456789', mask)).not.toEqual(out('0123456789', mask, otherPartner))
    expect(out('0123456789', mask)).toEqual(out('0123456789', mask, otherSubject))
    const inField = (name: string, domain?: string) =>
      maskRecord({ [name]: '0123456789' }, { [name]: spec({ ...mask, ...(domain && { domain }) }) }, context).record[name]
    expect(inField('one')).not.toEqual(inField('two'))
    expect(inField('one', 'customer')).toEqual(inField('two', 'customer'))
  })

  it('date_shift moves all dates of a person alike, never by nothing, never beyond its bound', () => {
    const days = (at: MaskContext, max: number) =>
      (Date.parse(String(out('2000-01-01', { mask: 'date_shift', max_days: max }, at))) - Date.parse('2000-01-01')) / 86_400_000
    const shifts = Array.from({ length: 200 }, (_, n) => days({ ...context, subjectKey: key(n) }, 3))
    expect([...new Set(shifts)].sort((a, b) => a - b)).toEqual([-3, -2, -1, 1, 2, 3])
    expect(days(context, 365)).not.toEqual(days(otherPartner, 365))
    expect(out('2000-01-01T10:00:00Z', { mask: 'date_shift' })).toBe(`${out('2000-01-01', { mask: 'date_shift' })}T10:00:00.000Z`)
  })
})

/** Specifications of every kind that promise something, with values they treat. */
const printable = fc.string({ unit: 'grapheme', minLength: 4 })
const date = fc.date({ min: new Date('0500-01-01'), max: new Date('9000-01-01'), noInvalidDate: true }).map((at) => at.toISOString().slice(0, 10))
/** JSON knows one zero. */
const number = fc
  .oneof(fc.integer({ min: -1000, max: 1000 }), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }))
  .map((value) => value + 0)
const mailbox = fc.emailAddress()
const samples: Record<MaskKind, readonly (readonly [object, fc.Arbitrary<Exclude<MaskValue, null>>])[]> = {
  keep: [[{}, fc.oneof(printable, number, fc.boolean())]],
  drop: [[{}, printable]],
  redact: [[{}, printable]],
  constant: [[{ value: 1 }, printable]],
  partial: [[{ keep_first: 1, keep_last: 1 }, printable]],
  last_n: [[{ n: 2 }, printable]],
  email: [
    [{}, mailbox],
    [{ show: 'first_letter' }, mailbox],
  ],
  phone: [[{}, fc.stringMatching(/^\+[1-9]\d{7,12}$/)]],
  hash: [[{}, fc.oneof(printable, number, fc.boolean())]],
  token: [
    [{}, fc.oneof(printable, number, fc.boolean(), fc.constant(''))],
    [{ alphabet: 'digits' }, fc.stringMatching(/^\d{3}-\d{3,9}$/)],
    [{ alphabet: 'upper_alphanumeric' }, fc.stringMatching(/^[0-9A-Z]{2} [0-9A-Z]{2,9}$/)],
    [{ alphabet: 'alphanumeric' }, fc.stringMatching(/^[0-9A-Za-z]{4,12}$/)],
  ],
  date_truncate: (['year', 'quarter', 'month', 'day'] as const).map((to) => [{ to }, date] as const),
  date_shift: [
    [{}, date],
    [{ max_days: 1 }, date],
  ],
  number_round: ([0.01, 1, 5, 1000] as const).map((to) => [{ to }, number] as const),
  number_bucket: [[{ edges: [-10, 0, 10] }, number]],
  number_top_code: [[{ max: 90, min: 18 }, number]],
  geo_prefix: [[{ keep: 3 }, printable.filter((text) => Array.from(text).length > 3)]],
}

/** The form of a value: its type, and for text the class of each character, with the name of a mailbox left open. */
function form(value: unknown): string {
  if (typeof value !== 'string') return typeof value
  if (value.includes('@')) return `mailbox ${value.slice(value.lastIndexOf('@'))}`
  return value.replaceAll(/[0-9A-Za-z]/g, (character) => (/\d/.test(character) ? '0' : 'a'))
}

describe.each(masks.map((mask) => [mask.kind, mask] as const))('%s keeps what it declares', (kind, mask) => {
  it.each(samples[kind].map(([parameters, values]) => [JSON.stringify(parameters), parameters, values] as const))('with %s', (_, parameters, values) => {
    const one = spec({ mask: kind, ...parameters })
    const declared = mask.declares(one)
    const place = { field, context }
    fc.assert(
      fc.property(values, values, (left, right) => {
        const [a, b] = [maskValue(left, one, place), maskValue(right, one, place)]
        expect(a).not.toHaveProperty('fault')
        if (declared.deterministic) expect(maskValue(left, one, place)).toEqual(a)
        if (!('value' in a && 'value' in b)) return
        if (declared.reversible) expect(unmask(a.value, one, place)).toEqual(left)
        if (declared.keepsEquality) expect(a.value === b.value).toBe(left === right)
        if (declared.keepsOrder && a.value !== null && b.value !== null && typeof left === typeof right && left < right) expect(a.value <= b.value).toBe(true)
        if (declared.keepsFormat && kind !== 'token') expect(form(a.value)).toBe(form(left))
        if (declared.keepsFormat && kind === 'token') expect(String(a.value)).toMatch(formPattern(String(left), one))
      }),
      { numRuns: 60 },
    )
  })
})

/** A token's letters and digits are of its alphabet, and everything else stands where it stood. */
function formPattern(text: string, one: MaskSpec): RegExp {
  const classes = { digits: '\\d', upper_alphanumeric: '[0-9A-Z]', alphanumeric: '[0-9A-Za-z]', any: '.' }
  const place = classes[one.mask === 'token' ? one.alphabet : 'any']
  return new RegExp(`^${text.replaceAll(/[0-9A-Za-z]/g, place)}$`)
}

describe('tokens', () => {
  it('of another partner, another field or another making are not turned back', () => {
    const one = spec({ mask: 'token' })
    const masked = out('Ada', one)!
    expect(unmask(masked, one, { field, context })).toBe('Ada')
    expect(unmask(masked, one, { field, context: otherPartner })).toBeUndefined()
    expect(unmask(masked, one, { field: 'name', context })).toBeUndefined()
    for (const text of ['', 'Ada', '***', `${masked}A`]) expect(unmask(text, one, { field, context })).toBeUndefined()
    expect(unmask(masked, spec({ mask: 'hash' }), { field, context })).toBeUndefined()
  })

  it('of values with fewer than a million possible ones come from the table', () => {
    const pin = spec({ mask: 'token', alphabet: 'digits', domain: 'pin' })
    const record = { pin: '1234', again: '1234', card: '4000123412341234', none: null }
    const fields = { pin, again: pin, card: pin, none: pin }
    expect(requiredTableTokens(record, fields)).toMatchObject([{ domain: 'pin', value: '1234' }])
    const drawn = { ...context, tableToken: (domain: string, value: string) => (domain === 'pin' && value === '1234' ? '8071' : undefined) }
    expect(maskRecord(record, fields, drawn).record).toMatchObject({ pin: '8071', again: '8071', none: null })
    expect(maskRecord(record, fields, context).record).toMatchObject({ pin: null })
    expect(unmask('8071', pin, { field, context: drawn })).toBeUndefined()
    // What a table draws has the form of the value, over the whole alphabet and evenly.
    const fresh = Array.from({ length: 200 }, () => drawTableToken('12-34', { mask: 'token', alphabet: 'digits' }, nodePrimitives.randomBytes))
    expect(fresh.every((text) => /^\d\d-\d\d$/.test(text))).toBe(true)
    expect(new Set(fresh.join('').replaceAll('-', '')).size).toBe(10)
    expect(() => drawTableToken('1234567', { mask: 'token', alphabet: 'digits' }, nodePrimitives.randomBytes)).toThrow(/only a value with too few/)
  })
})

describe('a record', () => {
  const record = { name: 'Ada', born: '1815-12-10', toString: 'x' }

  it('gives only fields that have a mask', () => {
    expect(maskRecord(record, { born: spec({ mask: 'date_truncate', to: 'year' }), constructor: spec({ mask: 'keep' }) }, context)).toEqual({
      record: { born: '1815' },
      notes: [],
    })
  })

  it('is refused with keys of a wrong length', () => {
    expect(() => maskRecord(record, {}, { ...context, partnerKey: new Uint8Array(16) })).toThrow('32 bytes')
  })

  it('is previewed with exactly what a release gives', () => {
    const fields = { name: spec({ mask: 'token' }), born: spec({ mask: 'date_shift' }), age: spec({ mask: 'keep' }) }
    const [rows] = preview([record], fields, context)
    const released = maskRecord(record, fields, context).record
    expect(rows?.map((row) => [row.field, row.before, row.after])).toEqual([
      ['name', 'Ada', released.name],
      ['born', '1815-12-10', released.born],
      ['toString', 'x', undefined],
      ['age', undefined, undefined],
    ])
    expect(rows?.[0]?.declares).toEqual(maskOf('token')?.declares(fields.name))
  })
})
