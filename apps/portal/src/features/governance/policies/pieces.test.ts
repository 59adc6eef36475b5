import { describe, expect, it } from 'vitest'
import { readDuration, writeDuration } from './duration.ts'
import { familyOf, formOf } from './masks.ts'
import { invent, readValue } from './sample.ts'

describe('a duration in a form', () => {
  it.each(['P1Y', 'P1DT2H', 'PT30M', 'PD', 'P3H', 'PT3D', ''])('leaves %j as it is', (text) => {
    expect(readDuration(text)).toBeUndefined()
  })
  it.each([
    ['PT12H', 12, 'hours'],
    ['P30D', 30, 'days'],
    ['P2W', 2, 'weeks'],
  ] as const)('reads %s and writes it', (text, amount, unit) => {
    expect(readDuration(text)).toEqual({ amount, unit })
    expect(writeDuration({ amount, unit })).toBe(text)
  })
  it('is never shorter than one', () => {
    expect(writeDuration({ amount: 0.4, unit: 'days' })).toBe('P1D')
  })
})

describe('a sample record', () => {
  it('has values of the types of its fields', () => {
    const record = invent([{ name: 'born', type: 'date' }, { name: 'income', type: 'integer' }, { name: 'account_open', type: 'boolean' }, { name: 'note' }], 1)
    expect(record).toMatchObject({ born: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), income: expect.any(Number), account_open: false, note: 'text' })
  })
  it('has dates that exist', () => {
    for (let number = 0; number < 6; number += 1) expect(Number.isNaN(Date.parse(String(invent([{ name: 'd', type: 'date' }], number).d)))).toBe(false)
  })
  it('keeps the type of a value that is typed anew', () => {
    expect(readValue('12x', 1)).toBeUndefined()
    expect(readValue('', 1)).toBeUndefined()
    expect(readValue('yes', true)).toBeUndefined()
    expect(readValue('12', 1)).toBe(12)
    expect(readValue('false', true)).toBe(false)
    expect(readValue('12', 'a')).toBe('12')
  })
})

describe('masks', () => {
  it('have a family each, and what no rule gives is left out', () => {
    expect(familyOf(undefined)).toBe('left_out')
    expect(familyOf('hash')).toBe('replaced')
    expect(familyOf('a later mask')).toBe('coarser')
  })
  it('ask for a parameter as its schema says', () => {
    const form = (schema: Record<string, unknown>) => formOf({ name: 'n', required: true, schema })
    expect(form({ type: 'integer', minimum: 1, maximum: 32 })).toEqual({ kind: 'number', whole: true, min: 1, max: 32 })
    expect(form({ type: 'string', enum: ['year'] })).toEqual({ kind: 'choice', options: ['year'] })
    expect(form({ type: 'boolean' })).toEqual({ kind: 'switch' })
    expect(form({ type: 'array' })).toEqual({ kind: 'numbers' })
    expect(form({ anyOf: [] })).toEqual({ kind: 'text' })
  })
})
