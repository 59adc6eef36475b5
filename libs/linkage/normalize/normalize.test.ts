import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FormName, forms } from '../model/schema.ts'
import { canonicalizer } from './form.ts'

const read = (form: FormName, raw: string, more: { order?: 'dmy' | 'mdy' | 'ymd'; callingCode?: string; separator?: string } = {}) =>
  canonicalizer({ form, version: 1, ...more })(raw)
const value = (...given: Parameters<typeof read>) => read(...given).value
const because = (...given: Parameters<typeof read>) => {
  const canonical = read(...given)
  return canonical.value === undefined ? canonical.because : undefined
}

describe('canonical forms', () => {
  it.each(forms)('%s: says why there is no value, and never repeats it', (form) => {
    expect(because(form, '')).toBe('it is empty')
    expect(because(form, '   ')).toBe('it is empty')
    fc.assert(
      fc.property(fc.string({ minLength: 5, unit: 'grapheme' }), (raw) => {
        const reason = because(form, raw)
        expect(reason ?? '').not.toContain(raw.trim() === '' ? 'nothing' : raw)
      }),
    )
  })

  it.each(forms)('%s: is canonical when read again', (form) => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'aZ09 -.@+éß') })), (raw) => {
        const once = value(form, raw, { order: 'dmy' })
        // A set joins with a separator of its own.
        if (once !== undefined && form !== 'set') expect(value(form, once, { order: 'dmy' })).toBe(once)
      }),
    )
  })

  it('reads names without case, marks, titles, suffixes and signs', () => {
    expect(value('name', ' Dr. Zoë O’Brien-Smith, PhD ')).toBe('zoeobriensmith')
    expect(value('name', 'MÜLLER')).toBe(value('name', 'Mu\u0308ller'))
    expect(value('name', 'Ørsted')).toBe('orsted')
    expect(value('name', 'Łukasz')).toBe('lukasz')
    expect(value('name', 'Strauß')).toBe('strauss')
    expect(value('name', '山田')).toBe('山田')
    expect(value('name', 'Sir')).toBe('sir')
    for (const nobody of ['Unknown', 'BABY OF JONES', 'baby boy', 'N/A', 'test', '--', 'Twin 1'])
      expect(because('name', nobody)).toBe('it stands for a missing value')
    expect(because('name', '123')).toBe('it holds no letter')
  })

  it('reads dates by the declared order only', () => {
    expect(because('date', '03/02/1980')).toContain('order')
    expect(value('date', '03/02/1980', { order: 'dmy' })).toBe('1980-02-03')
    expect(value('date', '03/02/1980', { order: 'mdy' })).toBe('1980-03-02')
    expect(value('date', '19800203', { order: 'ymd' })).toBe('1980-02-03')
    expect(value('date', '03021980', { order: 'dmy' })).toBe('1980-02-03')
    expect(value('date', '19800203')).toBe('1980-02-03')
    expect(value('date', '20101203', { order: 'dmy' })).toBe('2010-12-03')
    expect(because('date', '03021980')).toContain('order')
    expect(value('date', '3rd February 1980')).toBe('1980-02-03')
    expect(value('date', '1980-02-03T00:00:00Z')).toBe('1980-02-03')
    for (const wrong of ['1980-02-30', '1900-02-29', '1980-13-01', 'yesterday']) expect(because('date', wrong)).toContain('calendar')
    for (const filler of ['1900-01-01', '01/01/1901', '9999-12-31', '99999999'])
      expect(because('date', filler, { order: 'dmy' })).toBe('it stands for a missing value')
    expect(because('date', '1749-05-05')).toContain('year')
  })

  it('reads British postcodes whole and others plainly', () => {
    for (const raw of ['sw1a 2aa', 'SW1A2AA', ' sw1A  2AA ']) expect(value('postcode', raw)).toBe('SW1A 2AA')
    expect(value('postcode', '2119')).toBe('2119')
    expect(value('postcode', '12345-6789')).toBe('123456789')
    for (const nowhere of ['ZZ99 3VZ', 'zz993wz', '00000', '9999']) expect(because('postcode', nowhere)).toBe('it stands for a missing value')
    expect(because('postcode', 'A')).toContain('3 to 10')
  })

  it('reads e-mail addresses', () => {
    expect(value('email', ' Ada+news@Example.ORG ')).toBe('ada@example.org')
    for (const wrong of ['ada', '@b.example', 'ada@', 'a b@c.example']) expect(because('email', wrong)).toContain('name@domain')
    for (const nobody of ['none@none.example', 'unknown@hospital.example', 'n/a']) expect(because('email', nobody)).toBe('it stands for a missing value')
  })

  it('reads telephone numbers with and without the calling code', () => {
    for (const raw of ['+44 (0)20 7946 0018', '0044 20 7946 0018', '020 7946 0018', '02079460018 ext 12'])
      expect(value('phone', raw, { callingCode: '44' })).toBe('442079460018')
    expect(value('phone', '020 7946 0018')).toBe('2079460018')
    for (const nobody of ['00000000000', '07000 000000', 'unknown']) expect(because('phone', nobody)).toBe('it stands for a missing value')
    expect(because('phone', '12345')).toContain('7 to 15')
  })

  it('refuses NHS numbers of a wrong check digit and of one digit all along', () => {
    expect(value('nhs_number', '943 476 5919')).toBe('9434765919')
    expect(because('nhs_number', '943 476 5918')).toBe('its check digit is wrong')
    expect(because('nhs_number', '943 476 591')).toContain('ten digits')
    expect(because('nhs_number', '94347659I9')).toContain('digits only')
    for (let digit = 0; digit < 10; digit++) expect(because('nhs_number', String(digit).repeat(10))).toBe('it stands for a missing value')
  })

  it('tells every single wrong digit and every exchange of neighbours in an NHS number', () => {
    const digits = [...'9434765919']
    for (let at = 0; at < 10; at++) {
      for (let digit = 0; digit < 10; digit++) {
        const wrong = digits.with(at, String(digit)).join('')
        if (wrong !== '9434765919') expect(value('nhs_number', wrong)).toBeUndefined()
      }
      const next = digits[at + 1]
      if (next === undefined || next === digits[at]) continue
      expect(
        value(
          'nhs_number',
          digits
            .with(at, next)
            .with(at + 1, digits[at] ?? '')
            .join(''),
        ),
      ).toBeUndefined()
    }
  })

  it('reads addresses, identifiers, numbers, sets and tokens', () => {
    expect(value('address', 'Flat 3, 12 St. John’s Road')).toBe('flat 3 12 st johns rd')
    expect(value('identifier', ' ab-12 34 ')).toBe('AB1234')
    expect(because('identifier', '0000000')).toBe('it stands for a missing value')
    expect(value('number', '1.50')).toBe('1.5')
    expect(because('number', '1,50')).toContain('decimal point')
    expect(value('set', 'b; A ;b', { separator: ';' })).toBe('a\u001fb')
    expect(value('token', ' fit1.A.b ')).toBe('fit1.A.b')
    expect(because('text', 'x'.repeat(251))).toContain('250')
  })
})
