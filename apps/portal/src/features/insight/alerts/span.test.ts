import { describe, expect, it } from 'vitest'
import { spanIn, unitOf } from './span.ts'

describe('a span of seconds', () => {
  it.each([
    [0, '0 minutes'],
    [10, '10 seconds'],
    [90, '90 seconds'],
    [900, '15 minutes'],
    [3_600, '1 hour'],
    [172_800, '2 days'],
  ])('%i is said as %s', (seconds, words) => {
    expect(spanIn('en')(seconds)).toBe(words)
  })

  it('is said in the reader’s language', () => {
    expect(spanIn('es')(900)).toBe('15 minutos')
  })

  it('has the largest unit that leaves no rest', () => {
    expect(unitOf(86_400)).toBe('day')
    expect(unitOf(90_000)).toBe('hour')
  })
})
