import { describe, expect, it } from 'vitest'
import { bitsOf, thresholdsOf } from './thresholds.ts'

describe('thresholdsOf', () => {
  const steps = [
    { bits: -1, count: 10, linked: false },
    { bits: 0, count: 0, linked: false },
    { bits: 9, count: 100, linked: true },
  ]

  it('adds up what lies at or above each weight', () => {
    expect(thresholdsOf(steps).map(({ bits, links }) => [bits, links])).toEqual([
      [-1, 110],
      [0, 100],
      [9, 100],
    ])
  })

  it('expects more wrong links the lower it is, and about half of those at no evidence', () => {
    const [low, , high] = thresholdsOf(steps)
    expect(high?.expectedFalse).toBeCloseTo(0.14, 1)
    expect((low?.expectedFalse ?? 0) - (high?.expectedFalse ?? 0)).toBeGreaterThan(5)
  })

  it('knows nothing of no pairs', () => {
    expect(thresholdsOf([])).toEqual([])
  })
})

it('a probability of a half is no bit, and of 15/16 nearly four', () => {
  expect(bitsOf(0.5)).toBe(0)
  expect(bitsOf(15 / 16)).toBeCloseTo(3.9, 1)
})
