import { describe, expect, it } from 'vitest'
import { entryQueryOf, matches } from './entry-query.ts'

const entry = {
  body: {
    type: 'release.authorize',
    at: '2026-05-03T12:00:00.000Z',
    actor: { kind: 'partner', id: 'p1' },
    decision: 'deny',
    partner: 'p1',
    purpose: 'care',
    object: { kind: 'release', id: 'r1' },
  },
}
const bare = { body: { type: 'vault.verify', at: '2026-05-03T12:00:00.000Z', actor: { kind: 'system', id: 's' } } }

describe('an entry that just came', () => {
  it.each([
    { type: 'release.redeem' },
    { decision: 'permit' },
    { partner: 'p2' },
    { purpose: 'research' },
    { actor: 'p2' },
    { object_kind: 'policy' },
    { object_id: 'r2' },
    { since: '2026-05-03T12:00:00.001Z' },
    { until: '2026-05-03T12:00:00.000Z' },
  ] as const)('is left out by %j', (query) => {
    expect(matches(query, entry)).toBe(false)
  })

  it('is left out by a filter on what it does not say', () => {
    for (const query of [{ decision: 'deny' }, { partner: 'p1' }, { purpose: 'care' }, { object_kind: 'release' }] as const)
      expect(matches(query, bare)).toBe(false)
  })

  it('is shown where every filter holds, and where there is none', () => {
    const query = { type: 'release.authorize', decision: 'deny', partner: 'p1', purpose: 'care', actor: 'p1', object_kind: 'release', object_id: 'r1' } as const
    expect(matches({ ...query, since: '2026-05-03T12:00:00.000Z', until: '2026-05-03T12:00:00.001Z' }, entry)).toBe(true)
    expect(matches({}, bare)).toBe(true)
  })
})

it('the last day that the address names is in', () => {
  const query = entryQueryOf({ since: '2026-05-03', until: '2026-05-03' })
  const day = (hours: number) => ({ body: { ...bare.body, at: new Date(2026, 4, 3, hours).toISOString() } })
  expect([-1, 0, 23, 24].map((hours) => matches(query, day(hours)))).toEqual([false, true, true, false])
})
