import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import type { Answer } from '@gatehouse/runtime/door/door'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { appendEntry, entriesAbout, sequencedEntries } from './index.ts'
import { list } from './list.ts'
import { listSubject } from './list-subject.ts'
import { read } from './read.ts'
import { act, type LedgerNode, ledgerNode } from './testing/ledger-node.ts'

const other = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>
const subject = { id: '01980000-0000-7000-8000-0000000000cc' as Id<'subject'>, commitment: 'ab'.repeat(32) }
const alpha = '01980000-0000-7000-8000-0000000000a1' as Id<'partner'>
const beta = '01980000-0000-7000-8000-0000000000b1' as Id<'partner'>

let t: LedgerNode
beforeAll(async () => {
  t = await ledgerNode()
})
afterAll(() => t.close())
// Ids of one millisecond have no order.
beforeEach(() => t.clock.advance(1))

function done<T>(answer: Answer<T>): T {
  if (answer.outcome !== 'done') throw new Error(`answered ${answer.outcome}`)
  return answer.output
}
const all = async () => done(await t.door.enter(list, { limit: 500 }, t.admin)).data
const partner = (id: Id<'partner'>) => t.principal({ kind: 'partner', id, partner: id, roles: ['partner'] })

describe('an entry', () => {
  it('cannot hold text: an act that would leave some does not happen', async () => {
    const before = await all()
    const text = 'Jane Example of 12 Sample Street, '.repeat(7)
    await expect(t.door.enter(act, { facts: { details: { note: text } } }, t.admin)).rejects.toMatchObject({ kind: { status: 500 } })
    await expect(t.door.enter(act, { facts: { purpose: text } }, t.admin)).rejects.toMatchObject({ kind: { status: 500 } })
    const after = (await all()).slice(0, -before.length || undefined)
    expect(after.map((entry) => entry.body.decision)).toEqual(['error', 'error'])
    expect(JSON.stringify(after)).not.toContain('Jane')
  })

  it('holds at most 16 KiB', async () => {
    const many = Array.from({ length: 500 }, (_, at) => `${at}`.padStart(36, '0'))
    await expect(t.door.enter(act, { facts: { details: { ids: many } } }, t.admin)).rejects.toMatchObject({
      kind: { type: '/problems/ledger/entry-too-large' },
    })
  })

  it('does not exist when its act rolls back, and exists when its act is refused', async () => {
    const before = (await all()).length
    const append = (id: Id<'entry'>) =>
      t.database.transaction(t.tenant, async (tx) => {
        await appendEntry(tx, { id, tenant: t.tenant, type: 'probe.lost', at: instantOf(0), actor: { kind: 'system', id: 'x' }, facts: {} }, t.door.node)
        throw new Error('rolled back')
      })
    await expect(append('01980000-0000-7000-8000-0000000000ee' as Id<'entry'>)).rejects.toThrow('rolled back')
    expect((await all()).length).toBe(before)
    expect((await t.door.enter(act, { ending: 'refuse' }, t.admin)).outcome).toBe('refused')
    expect((await all())[0]?.body).toMatchObject({ type: 'probe.act', decision: 'deny' })
  })

  it.each([
    ['UPDATE ledger.entry SET type = type', 'UPDATE'],
    ['DELETE FROM ledger.entry', 'DELETE'],
    ['TRUNCATE ledger.entry', 'TRUNCATE'],
    ['UPDATE ledger.position SET index = index', 'UPDATE'],
    ['DELETE FROM ledger.checkpoint', 'DELETE'],
    ['TRUNCATE ledger.pending', 'TRUNCATE'],
    ["UPDATE ledger.tile SET hashes = repeat('x', 32)::bytea", 'UPDATE'],
    ['UPDATE ledger.head SET size = size - 1, fencing = fencing + 1', 'UPDATE'],
    ['DELETE FROM ledger.head', 'DELETE'],
  ])('is kept by the database itself: %s', async (sql) => {
    await t.fill(1)
    await t.sequence()
    await expect(t.database.transaction(t.tenant, (tx) => tx.query(sql))).rejects.toThrow(/the ledger only grows/)
  })

  it('is canonical JSON without members that have no value, and names the person by commitment only', async () => {
    const output = done(await t.door.enter(act, { facts: { subject, decision: 'permit', purpose: 'care' } }, t.admin))
    const rows = await t.database.transaction(t.tenant, (tx) => tx.query<{ body: Buffer }>('SELECT body FROM ledger.entry WHERE id = $1', [output.entry]))
    expect(rows[0]?.body.toString()).toBe(
      `{"actor":{"id":"${t.admin.id}","kind":"user"},"at":"${instantOf(t.clock.nowMs())}","decision":"permit","id":"${output.entry}","purpose":"care","stream":"audit","subject_c":"${subject.commitment}","tenant":"${t.tenant}","took_ms":0,"type":"probe.act","v":1}`,
    )
  })
})

describe('reading entries', () => {
  it('shows another tenant nothing, whatever it asks for', async () => {
    const [id] = await t.fill(1)
    await t.sequence()
    const stranger = t.principal({ tenant: other })
    expect(done(await t.door.enter(list, {}, stranger)).data).toEqual([])
    await expect(t.door.enter(read, { entry: id! }, stranger)).rejects.toMatchObject({ kind: { status: 404 } })
    const seen = await t.database.transaction(other, (tx) =>
      Promise.all(['entry', 'pending', 'position', 'tile', 'checkpoint', 'head'].map((table) => tx.query(`SELECT * FROM ledger.${table}`))),
    )
    expect(seen.flat()).toEqual([])
    expect(await t.database.transaction(other, (tx) => sequencedEntries(tx, t.tenant, 0, 10))).toEqual([])
    const forged = t.database.transaction(other, (tx) =>
      appendEntry(
        tx,
        {
          id: '01980000-0000-7000-8000-0000000000ef' as Id<'entry'>,
          tenant: t.tenant,
          type: 'probe.forged',
          at: instantOf(0),
          actor: { kind: 'system', id: 'x' },
          facts: {},
        },
        t.door.node,
      ),
    )
    await expect(forged).rejects.toThrow(/row-level security/)
  })

  it('shows a partner its own entries only, even when it filters by another', async () => {
    await t.fill(2, { partner: alpha })
    const [foreign] = await t.fill(1, { partner: beta })
    const mine = done(await t.door.enter(list, {}, partner(alpha))).data
    expect(mine.map((entry) => entry.body.partner)).toEqual([alpha, alpha])
    expect(done(await t.door.enter(list, { partner: beta }, partner(alpha))).data).toEqual([])
    await expect(t.door.enter(read, { entry: foreign! }, partner(alpha))).rejects.toMatchObject({ kind: { status: 404 } })
    expect(done(await t.door.enter(read, { entry: foreign! }, partner(beta))).id).toBe(foreign)
    await expect(t.door.enter(list, {}, t.principal({ kind: 'partner' }))).rejects.toThrow()
  })

  it('filters, pages in both orders and says what is not in the log yet', async () => {
    await t.sequence()
    const ids = await t.fill(5, { object: { kind: 'release', id: 'r-1' }, decision: 'permit', purpose: 'audit-test' })
    const query = { object_kind: 'release', object_id: 'r-1', decision: 'permit', purpose: 'audit-test', type: 'probe.fill', actor: 'test', limit: 2 } as const
    const first = done(await t.door.enter(list, { ...query, order: 'asc' }, t.admin))
    expect(first.data.map((entry) => [entry.id, entry.index, entry.integrated])).toEqual(ids.slice(0, 2).map((id) => [id, null, false]))
    const second = done(await t.door.enter(list, { ...query, order: 'asc', cursor: first.next! }, t.admin))
    expect(second.data.map((entry) => entry.id)).toEqual(ids.slice(2, 4))
    const about = await t.database.transaction(t.tenant, (tx) =>
      Promise.all([entriesAbout(tx, 'release', ['r-1', 'r-2']), entriesAbout(tx, 'policy', ['r-1'])]),
    )
    expect(about.map((found) => found.map((entry) => entry.id))).toEqual([ids, []])
    await t.sequence()
    const newest = done(await t.door.enter(list, query, t.admin))
    expect(newest.data.map((entry) => entry.id)).toEqual([ids[4], ids[3]])
    expect(newest.data.every((entry) => entry.integrated && entry.index !== null)).toBe(true)
    const at = instantOf(t.clock.nowMs())
    expect(done(await t.door.enter(list, { ...query, until: at }, t.admin)).data).toEqual([])
    expect(done(await t.door.enter(list, { ...query, since: at }, t.admin)).data).toHaveLength(2)
  })

  it('leaves an entry when somebody gathers what concerns one person', async () => {
    await t.fill(2, { subject })
    t.clock.advance(1)
    const found = done(await t.door.enter(listSubject, { subject: subject.id }, t.admin)).data
    expect(found.length).toBeGreaterThanOrEqual(2)
    expect(JSON.stringify(found)).not.toContain(subject.id)
    expect((await all())[0]?.body).toMatchObject({ type: 'ledger.list_subject', subject_c: subject.commitment, details: { entries: found.length } })
  })
})
