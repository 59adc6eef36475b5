import { describe, expect, it } from 'vitest'
import { on } from '../model/define.ts'
import { linkAt } from '../model/link.ts'
import { recordTable } from '../normalize/table.ts'
import { sourceOf } from '../testing/records.ts'
import { deterministicLinks } from './passes.ts'

const forms = { id: { form: 'identifier' as const, version: 1 as const }, name: { form: 'name' as const, version: 1 as const } }
const table = recordTable(forms, [
  sourceOf('s', [
    { id: 'A1', name: 'Ada' },
    { id: 'a-1', name: 'ADA' },
    { id: null, name: 'Ada' },
    { id: null, name: null },
    { id: 'B2', name: null },
  ]),
])

describe('deterministic passes', () => {
  it('refuse to make more pairs than the cap', () => {
    expect(() => deterministicLinks(table, [on('name')], { link: 'dedupe', pairCap: 2 })).toThrow(expect.objectContaining({ fault: 'too_many_pairs' }))
  })

  it('refuse a column without form', () => {
    expect(() => deterministicLinks(table, [on('dob')], { link: 'dedupe' })).toThrow(expect.objectContaining({ fault: 'no_column' }))
  })

  it('never link missing values, and name the first rule that finds a pair', () => {
    const links = deterministicLinks(table, [on('id'), on('name')], { link: 'dedupe' })
    expect(Array.from({ length: links.length }, (_, index) => linkAt(links, index))).toEqual([
      { left: 0, right: 1, weight: Number.POSITIVE_INFINITY, probability: 1, pattern: -1, rule: 'id' },
      { left: 0, right: 2, weight: Number.POSITIVE_INFINITY, probability: 1, pattern: -1, rule: 'name' },
      { left: 1, right: 2, weight: Number.POSITIVE_INFINITY, probability: 1, pattern: -1, rule: 'name' },
    ])
  })

  it('let linked records leave where that is asked', () => {
    const links = deterministicLinks(table, [on('id'), on('name')], { link: 'dedupe', onceLinked: 'leave' })
    expect([...links.left, ...links.right]).toEqual([0, 1])
  })
})
