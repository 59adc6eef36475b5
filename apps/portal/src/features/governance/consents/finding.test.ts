import { describe, expect, it } from 'vitest'
import { findingOf } from './finding.ts'

const month = (name: string, given: number, ending: number) => ({ month: name, given, withdrawn: 0, ending })

describe('what the calendar says first', () => {
  it('is when most were given, while none ends', () => {
    expect(findingOf([month('2026-10', 3, 0), month('2026-11', 7, 0), month('2026-12', 0, 0)])).toEqual({ kind: 'given', month: '2026-11', count: 7 })
  })

  it('is when most end, whatever was given', () => {
    expect(findingOf([month('2026-11', 70, 0), month('2027-01', 0, 2), month('2027-03', 0, 5)])).toEqual({ kind: 'ending', month: '2027-03', count: 5 })
  })

  it('is nothing of a month without anything', () => {
    expect(findingOf([month('2026-11', 0, 0)])).toEqual({ kind: 'given', month: '2026-11', count: 0 })
  })
})
