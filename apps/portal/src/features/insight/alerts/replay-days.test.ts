import { expect, it } from 'vitest'
import { daysBetween } from './replay-days.ts'

it('names every day, with the first and the last', () => {
  expect(daysBetween('2026-02-27T22:00:00Z', '2026-03-02T01:00:00Z')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'])
  expect(daysBetween('2026-03-02T00:00:00Z', '2026-03-02T01:00:00Z')).toEqual(['2026-03-02'])
  expect(daysBetween('2026-03-03T00:00:00Z', '2026-03-02T00:00:00Z')).toEqual([])
})
