import { describe, expect, it } from 'vitest'
import { feeOf, toldOf, whyOf } from './story.ts'

const anchor = { state: 'pending', losses: 0, last_error: null, depth: null } as const

describe('a pending anchor', () => {
  it('was not tried, failed, or was taken back, and each is told apart', () => {
    expect([toldOf(anchor), whyOf(anchor)]).toEqual(['pending', 'not_tried'])
    expect([toldOf({ ...anchor, last_error: 'away' }), whyOf({ ...anchor, last_error: 'away' })]).toEqual(['failing', 'failed'])
    const lost = { ...anchor, losses: 1, last_error: 'the chain has no such transaction any more' }
    expect([toldOf(lost), whyOf(lost)]).toEqual(['reorganised', 'lost'])
  })
})

it('waits in the open for a block, and then for blocks upon it', () => {
  expect(whyOf({ ...anchor, state: 'sent' })).toBe('not_mined')
  expect(whyOf({ ...anchor, state: 'sent', depth: 0 })).toBe('not_mined')
  expect(whyOf({ ...anchor, state: 'sent', depth: 3 })).toBe('shallow')
  for (const state of ['confirmed', 'final', 'superseded'] as const) expect(whyOf({ ...anchor, state, losses: 2 })).toBeUndefined()
})

it('cost so much, to the last wei', () => {
  expect(feeOf(35_000, '1000000007')).toBe('0.000035000000245')
  expect(feeOf(1, `${10n ** 18n}`)).toBe('1')
  expect(feeOf(0, '5')).toBe('0')
  expect(feeOf(undefined, '5')).toBeUndefined()
  expect(feeOf(5, '0x5')).toBeUndefined()
})
