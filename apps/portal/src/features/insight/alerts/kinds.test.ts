import { describe, expect, it } from 'vitest'
import { beginnings, fieldsOf, isKind, kinds, read, typesOf, withField } from './kinds.ts'

describe('kinds of rules', () => {
  it('are none but their own', () => {
    for (const text of ['', 'nothing', 'toString', 7, null]) expect(isKind(text)).toBe(false)
    for (const kind of kinds) expect(isKind(kind)).toBe(true)
  })

  it('ask for a pause only where it divides bursts', () => {
    const walk = beginnings.subject_walk
    expect(fieldsOf(walk)).not.toContain('pause_seconds')
    expect(fieldsOf(withField(walk, 'shape', 'burst'))).toContain('pause_seconds')
  })

  it('offer every field but the kind itself', () => {
    expect(fieldsOf(beginnings.rate)).toEqual(['types', 'decision', 'per', 'threshold', 'window_seconds'])
    expect(fieldsOf(beginnings.failed_verification)).toEqual([])
  })

  it('read a decision that was left out as any, and anything else as it begins', () => {
    const rate = withField(withField(beginnings.rate, 'decision', undefined), 'per', undefined)
    expect(rate).not.toHaveProperty('decision')
    expect(read(rate, 'decision')).toBeUndefined()
    expect(read(rate, 'per')).toBe('partner')
  })

  it('all look at some entries', () => {
    for (const kind of kinds) expect(typesOf(beginnings[kind]).length).toBeGreaterThan(0)
  })
})
