import { describe, expect, it } from 'vitest'
import { following } from './following.ts'
import { linksOf } from './links.ts'
import { findingOf, placesOf } from './places.ts'

describe('the uuid that follows', () => {
  it('carries over', () => {
    expect(following('0198c1de-7b3a-7c4d-8e5f-0000000000ff')).toBe('0198c1de-7b3a-7c4d-8e5f-000000000100')
    expect(following('0198c1de-7b3a-7c4d-8e5f-ffffffffffff')).toBe('0198c1de-7b3a-7c4d-8e60-000000000000')
  })
})

describe('faults of a check', () => {
  it('are gathered by their place', () => {
    const at = (sequence: number, fault: 'data_hash' | 'signature' | 'head') => ({ subject_id: 'p', block_id: `b${String(sequence)}`, sequence, fault })
    expect(placesOf([at(2, 'data_hash'), at(3, 'head'), at(2, 'signature')])).toEqual([
      { subject: 'p', block: 'b2', sequence: 2, faults: ['data_hash', 'signature'] },
      { subject: 'p', block: 'b3', sequence: 3, faults: ['head'] },
    ])
  })

  it.each([
    [['data_hash', 'signature', 'block_hash'], 'content'],
    [['signature'], 'content'],
    [['sequence', 'previous_hash'], 'gap'],
    [['previous_hash'], 'moved'],
    [['head'], 'end'],
    [['head_missing'], 'end'],
    [['blocks_missing'], 'gone'],
  ] as const)('%j mean: %s', (faults, finding) => {
    expect(findingOf({ faults: [...faults] })).toBe(finding)
  })
})

describe('the links of a chain', () => {
  const block = (sequence: number, previous_hash: string) => ({ sequence, previous_hash, block_hash: `h${String(sequence)}` })
  const genesis = '0'.repeat(64)

  it('hold where each block names the one before it', () => {
    expect(linksOf([block(1, genesis), block(2, 'h1')])).toEqual(['fits', 'fits'])
    expect(linksOf([block(7, 'h6'), block(8, 'h7')])).toEqual(['first', 'fits'])
  })

  it('break at another hash, at a gap, and at a first block that is none', () => {
    expect(linksOf([block(1, 'h0')])).toEqual(['broken'])
    expect(linksOf([block(1, genesis), block(2, 'hX')])).toEqual(['fits', 'broken'])
    expect(linksOf([block(1, genesis), block(3, 'h1')])).toEqual(['fits', 'broken'])
  })
})
