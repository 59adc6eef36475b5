import { describe, expect, it } from 'vitest'
import { countByOwner, keyStateAt } from './key-state.ts'

const now = Date.parse('2026-11-22T12:00:00.000Z')
const key = (owner: string, more: object = {}) => ({ owner_kind: 'partner', owner, expires_at: '2027-01-01T00:00:00.000Z', revoked_at: null, ...more })

describe('an API key', () => {
  it('holds until it ends or is revoked', () => {
    expect(keyStateAt(key('a', { revoked_at: '2026-11-01T00:00:00.000Z' }), now)).toBe('revoked')
    expect(keyStateAt(key('a', { expires_at: '2026-11-22T12:00:00.000Z' }), now)).toBe('expired')
    expect(keyStateAt(key('a'), now)).toBe('valid')
  })

  it('counts for its partner while it holds, and those of people for none', () => {
    const keys = [key('a'), key('a'), key('b', { revoked_at: '2026-11-01T00:00:00.000Z' }), key('c', { owner_kind: 'user' })]
    expect([...countByOwner(keys, now)]).toEqual([['a', 2]])
  })
})
