import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addSeconds, instantMs, instantOf, isInstant, parseInstant } from './instant.ts'

describe('parseInstant refuses', () => {
  it.each([
    '',
    '2026-11-22',
    '2026-11-22T09:30:00',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-11-22 09:30:00Z',
    'Nov 22 2026',
  ])('%j', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })
})

describe('instants', () => {
  it.each([
    ['2026-11-22T09:30:00Z', '2026-11-22T09:30:00.000Z'],
    ['2026-11-22T09:30:00+02:00', '2026-11-22T07:30:00.000Z'],
    ['2024-02-29t23:59:59.123456z', '2024-02-29T23:59:59.123Z'],
    ['2026-04-30T23:00:00-02:00', '2026-05-01T01:00:00.000Z'],
  ])('%s is %s', (text, at) => {
    expect(parseInstant(text)).toBe(at)
  })
  it('come back, and their text order is time order', () => {
    const ms = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) })
    fc.assert(
      fc.property(ms, ms, (left, right) => {
        expect(instantMs(instantOf(left))).toBe(left)
        expect(isInstant(instantOf(left))).toBe(true)
        expect(instantOf(left) < instantOf(right)).toBe(left < right)
      }),
    )
  })
  it('add seconds over midnight', () => {
    expect(addSeconds(instantOf(Date.UTC(2026, 11, 31, 23, 59, 59)), 1.5)).toBe('2027-01-01T00:00:00.500Z')
    expect(isInstant('2026-11-22T09:30:00Z')).toBe(false)
  })
})
