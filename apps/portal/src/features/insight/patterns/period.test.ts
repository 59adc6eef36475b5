import { describe, expect, it } from 'vitest'
import { grainOf, periodOf, spanOf } from './period.ts'

describe('what an address asks for', () => {
  it('is read as the usual where it is nothing that is offered', () => {
    for (const text of [undefined, '', '99y', 'constructor']) expect(periodOf(text)).toBe('7d')
    expect(grainOf('365d', 'minute')).toBe('day')
    expect(grainOf('7d', undefined)).toBe('hour')
  })

  it('is taken where it is', () => {
    expect(periodOf('24h')).toBe('24h')
    expect(grainOf('24h', 'minute')).toBe('minute')
  })
})

it('a span ends now', () => {
  expect(spanOf('24h', Date.parse('2026-05-02T12:00:00Z'))).toEqual({ from: '2026-05-01T12:00:00.000Z', to: '2026-05-02T12:00:00.000Z' })
})
