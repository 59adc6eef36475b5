import type { Id } from '@gatehouse/core/id'
import { newId } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EntryBody } from '../../ledger/index.ts'
import { appendEntry, sequence } from '../../ledger/index.ts'
import { advance, counting } from './advance.ts'
import { fold } from './fold.ts'
import { keptDays } from './grain.ts'
import { rebuild } from './rebuild.ts'
import { placesAtOnceMax } from './schema.ts'
import { dyingAt, openReports, personalName, type ReportsNode } from './testing/reports.ts'

const other = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>
const dayMs = 86_400_000

let t: ReportsNode
beforeAll(async () => {
  t = await openReports()
})
afterAll(() => t.close())

const atOf = (ms: number) => instantOf(ms)

/** One entry of the kind that counts, as any institution's log could hold it. */
const anyFacts = fc.record({
  partner: fc.constantFrom('01980000-0000-7000-8000-00000000000a', '01980000-0000-7000-8000-00000000000b'),
  purpose: fc.constantFrom('dpv:A', 'dpv:B'),
  minutesAgo: fc.integer({ min: 0, max: 3 * 1_440 }),
  took: fc.integer({ min: 0, max: 5_000 }),
  kind: fc.constantFrom('permit', 'deny', 'redeem', 'deliver', 'cancel', 'other'),
})
type Facts = typeof anyFacts extends fc.Arbitrary<infer T> ? T : never

function entryOf({ partner, purpose, kind }: Facts): { type: string; facts: AuditFacts } {
  const about = { partner: partner as Id<'partner'>, purpose }
  if (kind === 'permit') return { type: 'release.authorize', facts: { ...about, decision: 'permit' as const, details: { fields: ['a', 'b'] } } }
  if (kind === 'deny')
    return { type: 'release.authorize', facts: { ...about, decision: 'deny' as const, details: { reasons: ['no_consent', 'outside_time'] } } }
  if (kind === 'redeem') return { type: 'release.redeem', facts: { ...about, decision: 'permit' as const, details: { fields: ['a'] } } }
  if (kind === 'deliver') return { type: 'release.deliver', facts: { ...about, details: { delivered: true, bytes: 7 } } }
  if (kind === 'cancel') return { type: 'release.cancel', facts: about }
  return { type: 'policies.publish', facts: about }
}

const bodyOf = (facts: Facts, nowMs: number): EntryBody => {
  const { type, facts: told } = entryOf(facts)
  return { type, at: atOf(nowMs - facts.minutesAgo * 60_000), took_ms: facts.took, ...told } as unknown as EntryBody
}

async function write(all: readonly Facts[], tenant = t.tenant): Promise<void> {
  const { node } = t.door
  await t.database.transaction(tenant, async (tx) => {
    for (const facts of all) {
      const { type, facts: told } = entryOf(facts)
      const at = atOf(t.clock.nowMs() - facts.minutesAgo * 60_000)
      await appendEntry(tx, { id: newId<'entry'>(t.clock), tenant, type, at, actor: { kind: 'system', id: 'test' }, facts: told, tookMs: facts.took }, node)
    }
  })
  while ((await sequence(node)).more);
}

const sum = (rows: readonly Record<string, unknown>[], where: Record<string, unknown>) =>
  rows.filter((row) => Object.entries(where).every(([name, value]) => row[name] === value)).reduce((total, row) => total + Number(row.count), 0)

describe('a count', () => {
  it('is the same however the log is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(anyFacts, { maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (all, piece) => {
        const bodies = all.map((facts) => bodyOf(facts, 1_800_000_000_000))
        const merged = new Map<string, number>()
        const put = (some: readonly EntryBody[], sign: number) => {
          for (const row of fold(some, 1_800_000_000_000).counters) {
            const { count, bytes, ...key } = row
            const name = JSON.stringify(key)
            merged.set(name, (merged.get(name) ?? 0) + sign * (count * 1_000_003 + bytes))
          }
        }
        put(bodies, 1)
        for (let at = 0; at < bodies.length; at += piece) put(bodies.slice(at, at + piece), -1)
        expect([...merged.values()].filter((rest) => rest !== 0)).toEqual([])
      }),
    )
  })

  it('happens once, wherever the process is killed, and however often it is tried again', async () => {
    const all = fc.sample(anyFacts, { numRuns: 60, seed: 7 })
    await t.count()
    const before = await t.rows()
    await write(all)
    // The cursor's insert and lock, head and entries, counters, latencies, the cursor's move.
    for (const statement of [1, 2, 3, 4, 5, 6, 7]) {
      await expect(advance(dyingAt(t.door.node, statement), t.tenant), `statement ${statement}`).rejects.toThrow(`killed at statement ${statement}`)
      expect(await t.rows()).toEqual(before)
    }
    await expect(advance(dyingAt(t.door.node, Number.POSITIVE_INFINITY), t.tenant)).rejects.toThrow('killed after the commit')
    const after = await t.rows()
    expect(
      sum(after, { grain: 'day', outcome: 'requested', field: '', reason: '' }) - sum(before, { grain: 'day', outcome: 'requested', field: '', reason: '' }),
    ).toBe(all.filter(({ kind }) => kind === 'permit' || kind === 'deny').length)
    // Once more, and by two processes at once: nothing is left to count.
    await Promise.all([advance(t.door.node, t.tenant), advance(t.door.node, t.tenant)])
    expect(await t.rows()).toEqual(after)
  })

  it('is shared by processes that count at the same time', async () => {
    const tally = async () => sum(await t.rows(), { grain: 'day', outcome: 'cancelled', field: '', reason: '' })
    await t.count()
    const before = await tally()
    const one: Facts = { partner: '01980000-0000-7000-8000-00000000000a', purpose: 'dpv:A', minutesAgo: 1, took: 3, kind: 'cancel' }
    await write(new Array(placesAtOnceMax + 50).fill(one))
    await Promise.all([1, 2, 3].map(() => advance(t.door.node, t.tenant)))
    await t.count()
    expect((await tally()) - before).toBe(placesAtOnceMax + 50)
  })

  it('made anew from the log agrees, and disagrees when somebody has changed a counter', async () => {
    await write(fc.sample(anyFacts, { numRuns: 80, seed: 11 }))
    await t.count()
    const before = await t.rows()
    expect(await t.done(rebuild, {}, t.admin)).toMatchObject({ agreed: true, rows: before.length })
    expect(await t.rows()).toEqual(before)
    await t.database.transaction(t.tenant, (tx) => tx.query(`UPDATE reports.counter SET count = count + 1 WHERE grain = 'day' AND outcome = 'requested'`))
    expect(await t.done(rebuild, {}, t.admin)).toMatchObject({ agreed: false })
    expect(await t.rows()).toEqual(before)
    await expect(t.done(rebuild, {}, t.officer)).rejects.toMatchObject({ kind: { status: 403 } })
  })
})

describe('what is counted', () => {
  it('is nobody: no person, no value and no commitment stands in any row', async () => {
    await t.flow({ partner: t.harbour })
    await t.flow({ partner: t.harbour, user: 'unknown-person-77' })
    await t.staffRead('C-1')
    await t.count()
    const { subject_id, commitment } = await t.database.transaction(t.tenant, async (tx) => {
      const [row] = await tx.query<{ subject_id: string; commitment: string }>(
        `SELECT subject_id, encode(commitment, 'hex') AS commitment FROM subjects.subject LIMIT 1`,
      )
      return row!
    })
    const text = JSON.stringify(await t.rows())
    expect(text).toContain('given_name')
    for (const personal of [personalName, 'C-1', 'unknown-person-77', 'zq@example.org', subject_id, commitment]) expect(text).not.toContain(personal)
  })

  it('belongs to one institution: another sees and changes nothing', async () => {
    await t.count()
    const mine = await t.rows()
    expect(await t.rows(other)).toEqual([])
    await t.database.transaction(other, (tx) => tx.query('DELETE FROM reports.counter'))
    await write([{ partner: '01980000-0000-7000-8000-00000000000a', purpose: 'dpv:A', minutesAgo: 0, took: 1, kind: 'permit' }], other)
    await advance(t.door.node, other)
    expect(await t.rows(other)).not.toEqual([])
    expect(await t.rows()).toEqual(mine)
  })

  it('is kept by the minute for two days, by the hour for 400, by the day for ever; the loop sees to it', async () => {
    await t.count()
    const grainsLeft = async () => new Set((await t.rows()).map(({ grain }) => grain))
    expect(await grainsLeft()).toEqual(new Set(['minute', 'hour', 'day']))
    t.clock.advance((keptDays.minute + 5) * dayMs)
    await counting.run(t.door.node)
    expect(await grainsLeft()).toEqual(new Set(['hour', 'day']))
    expect(await t.done(rebuild, {}, t.admin)).toMatchObject({ agreed: true })
    t.clock.advance(keptDays.hour * dayMs)
    await counting.run(t.door.node)
    expect(await grainsLeft()).toEqual(new Set(['day']))
    expect(await t.done(rebuild, {}, t.admin)).toMatchObject({ agreed: true })
  })
})
