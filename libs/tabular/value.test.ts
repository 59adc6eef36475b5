import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldType } from './field.ts'
import { type DateOrder, formatValue, parseValue, type SourceValue } from './value.ts'

const value = (source: SourceValue, type: FieldType, order?: DateOrder) => {
  const typed = parseValue(source, type, order)
  return typed.ok ? typed.value : undefined
}

describe('a value that cannot be kept exactly', () => {
  it.each<[SourceValue, FieldType]>([
    ['9007199254740993', 'integer'],
    [2 ** 53, 'integer'],
    ['007', 'integer'],
    ['1,000', 'integer'],
    ['1.0', 'integer'],
    ['+1', 'integer'],
    ['0x10', 'integer'],
    ['1.23456789012345678', 'number'],
    ['12345678901234567890', 'number'],
    ['1e999', 'number'],
    ['1e-999', 'number'],
    ['1,5', 'number'],
    ['NaN', 'number'],
    [Number.POSITIVE_INFINITY, 'number'],
    ['yes', 'boolean'],
    [1, 'boolean'],
    ['2026-11-21', 'instant'],
    ['2026-02-30T00:00:00Z', 'instant'],
  ])('%s is no %s', (source, type) => {
    const typed = parseValue(source, type)
    expect(typed).toMatchObject({ ok: false })
    expect(!typed.ok && typed.expected.includes(String(source))).toBe(false)
  })

  it.each<[string, DateOrder | undefined]>([
    ['2023-02-29', undefined],
    ['1900-02-29', undefined],
    ['2023-13-01', undefined],
    ['2023-00-10', undefined],
    ['2023-04-31', undefined],
    ['1/2/2023', undefined],
    ['13/13/2023', 'dmy'],
    ['31/01/2023', 'mdy'],
    ['01/02/23', 'dmy'],
    ['1/2-2023', 'dmy'],
    ['20230230', 'ymd'],
  ])('%s is no date in the order %s', (text, order) => {
    expect(parseValue(text, 'date', order).ok).toBe(false)
  })
})

describe('a typed value', () => {
  it('reads by its type', () => {
    expect(value(' -42 ', 'integer')).toBe(-42)
    expect(value('-0', 'integer')).toBe(0)
    expect(value('9007199254740991', 'integer')).toBe(9007199254740991)
    expect(value('1.50', 'number')).toBe(1.5)
    expect(value('0.30000000000000004', 'number')).toBe(0.1 + 0.2)
    expect(value('TRUE', 'boolean')).toBe(true)
    expect(value(12, 'string')).toBe('12')
    expect(value(' kept ', 'string')).toBe(' kept ')
    expect(value('2026-11-22T10:30:00+01:00', 'instant')).toBe('2026-11-22T09:30:00.000Z')
  })

  it('reads a date in ISO form always, in another by its order', () => {
    expect(value('2024-02-29', 'date')).toBe('2024-02-29')
    expect(value('2000-02-29', 'date', 'dmy')).toBe('2000-02-29')
    expect(value('3/4/1999', 'date', 'dmy')).toBe('1999-04-03')
    expect(value('03.04.1999', 'date', 'mdy')).toBe('1999-03-04')
    expect(value('19990304', 'date', 'ymd')).toBe('1999-03-04')
  })

  it('is null when there is nothing', () => {
    for (const type of ['string', 'integer', 'number', 'boolean', 'date', 'instant'] as const) {
      expect(parseValue(null, type)).toEqual({ ok: true, value: null })
      expect(parseValue('', type)).toEqual({ ok: true, value: null })
    }
  })

  it('comes back from its text', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (number) => value(formatValue(number), 'integer') === number))
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-9, max: 1e20 }), (number) => value(formatValue(number), 'number') === number),
    )
    expect(formatValue(null)).toBe('')
    expect(formatValue(true)).toBe('true')
  })
})
