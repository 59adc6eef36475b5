import type { Instant } from '@gatehouse/core/instant'
import { expect, it } from 'vitest'
import { monthsAfter } from './clock.ts'

it.each([
  ['2026-11-22T09:30:00.000Z', 1, '2026-12-22T09:30:00.000Z'],
  ['2026-11-22T09:30:00.000Z', 3, '2027-02-22T09:30:00.000Z'],
  ['2026-12-31T23:59:59.999Z', 1, '2027-01-31T23:59:59.999Z'],
  ['2027-01-31T00:00:00.000Z', 1, '2027-02-28T00:00:00.000Z'],
  ['2028-01-31T00:00:00.000Z', 1, '2028-02-29T00:00:00.000Z'],
  ['2026-08-31T12:00:00.000Z', 1, '2026-09-30T12:00:00.000Z'],
  ['2099-11-30T12:00:00.000Z', 3, '2100-02-28T12:00:00.000Z'],
])('%s and %i months is %s', (from, months, to) => {
  expect(monthsAfter(from as Instant, months)).toBe(to)
})
