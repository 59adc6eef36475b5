import { describe, expect, it } from 'vitest'
import { changeIn, peakOf, sizeOf } from './findings.ts'

describe('changeIn', () => {
  it('says nothing of empty, short, even and slightly uneven rows', () => {
    for (const row of [[], [7], [0, 0, 0], [5, 5, 5, 5], [4, 7, 5, 6, 3, 5, 6]]) expect(changeIn(row)).toEqual({ kind: 'even' })
  })

  it('says nothing where few things came together by chance', () => {
    expect(changeIn([0, 0, 0, 1, 1])).toEqual({ kind: 'even' })
  })

  it('finds from where on there is more, and by how much', () => {
    expect(changeIn([10, 10, 10, 10, 20, 20, 20, 20])).toEqual({ kind: 'rose', at: 4, factor: 2 })
  })

  it('finds from where on there is less', () => {
    expect(changeIn([30, 30, 30, 10, 10, 10])).toMatchObject({ kind: 'fell', at: 3 })
  })

  it('measures against how much there was to count: more refusals among more requests are no news', () => {
    const requests = [10, 10, 10, 40, 40, 40]
    expect(changeIn([2, 2, 2, 8, 8, 8], requests)).toEqual({ kind: 'even' })
    expect(changeIn([1, 1, 1, 20, 20, 20], requests)).toMatchObject({ kind: 'rose', at: 3 })
  })

  it('passes over pieces in which nothing was asked', () => {
    expect(changeIn([0, 0, 5], [0, 0, 10])).toEqual({ kind: 'even' })
  })
})

describe('sizeOf', () => {
  it.each([
    [2, 'doubled'],
    [3, 'tripled'],
    [12, 'times'],
    [Number.POSITIVE_INFINITY, 'new'],
    [0.5, 'halved'],
    [0, 'less'],
  ] as const)('calls %f %s', (factor, name) => {
    expect(sizeOf({ factor })).toBe(name)
  })
})

describe('peakOf', () => {
  it('is the first of the largest, and none where there is nothing', () => {
    expect(peakOf([1, 4, 4])).toEqual({ at: 1, value: 4 })
    expect(peakOf([0, 0])).toBeUndefined()
    expect(peakOf([])).toBeUndefined()
  })
})
