import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Answer } from '@gatehouse/runtime/door/door'
import { leafHash, rootOf } from '@gatehouse/transparency/merkle'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { z } from 'zod'
import { exportLog } from './export.ts'
import { list } from './list.ts'
import type { EntryFilter } from './schema.ts'
import { integratedEntries } from './store.ts'
import { type LedgerNode, ledgerNode, sha256 } from './testing/ledger-node.ts'
import { verifyLog } from './verify-log.ts'
import { type WatchedEntry, watch } from './watch.ts'

const alpha = '01980000-0000-7000-8000-0000000000a1' as Id<'partner'>

let t: LedgerNode
beforeEach(async () => {
  t = await ledgerNode()
})
afterEach(() => t.close())

function done<T>(answer: Answer<T>): T {
  if (answer.outcome !== 'done') throw new Error(`answered ${answer.outcome}`)
  return answer.output
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

describe('an export', () => {
  it('gives a partner nothing of others, and leaves an entry before its first row', async () => {
    await t.fill(2)
    await t.fill(1, { partner: alpha })
    await t.sequence()
    const rows = done(await t.door.enter(exportLog, { type: 'probe.fill' }, t.principal({ kind: 'partner', partner: alpha })))
    const [entry] = done(await t.door.enter(list, { type: 'ledger.export' }, t.admin)).data
    expect(entry?.body.details).toEqual({ format: 'ndjson', from_index: 0, to_index: 3, filtered_by: ['type'] })
    expect((await collect(rows)).map((row) => row.partner)).toEqual([alpha])
  })

  it('holds what is needed to compute the root again', async () => {
    await t.fill(1_300)
    await t.sequence()
    await t.fill(1)
    const rows = await collect(done(await t.door.enter(exportLog, {}, t.admin)))
    expect(rows.map((row) => row.index)).toEqual(Array.from({ length: 1_300 }, (_, index) => index))
    const root = rootOf(
      sha256,
      rows.map((row) => leafHash(sha256, utf8(row.body))),
    )
    expect(Buffer.from(root).toString('base64')).toBe((await verifyLog(t.door.node, t.tenant)).root)
  })

  it('takes a stretch, and names the person whose entries were asked for', async () => {
    const subject = { id: '01980000-0000-7000-8000-0000000000cc' as Id<'subject'>, commitment: 'ab'.repeat(32) }
    await t.fill(5)
    await t.sequence()
    t.clock.advance(1)
    await t.fill(2, { subject })
    await t.sequence()
    const stretch = done(await t.door.enter(exportLog, { from_index: 2, to_index: 4 }, t.admin))
    expect((await collect(stretch)).map((row) => row.index)).toEqual([2, 3])
    const about = done(await t.door.enter(exportLog, { subject: subject.id }, t.admin))
    expect((await collect(about)).map((row) => row.subject_c)).toEqual([subject.commitment, subject.commitment])
    const entries = done(await t.door.enter(list, { type: 'ledger.export' }, t.admin)).data
    expect(entries.map((entry) => entry.body.subject_c).sort()).toEqual([subject.commitment, undefined])
  })
})

describe('a watch', () => {
  const open: AsyncIterator<readonly WatchedEntry[]>[] = []
  const begin = async (filter: z.input<typeof watch.input> = {}, principal = t.admin) => {
    const events = done(await t.door.enter(watch, filter, principal))[Symbol.asyncIterator]()
    open.push(events)
    return events
  }
  const next = async (events: AsyncIterator<readonly WatchedEntry[]>) => (await events.next()).value.map(({ id }: WatchedEntry) => id)
  afterEach(async () => {
    for (const events of open.splice(0)) await events.return?.()
  })

  it('ends when its reader leaves while nothing happens', async () => {
    const events = await begin()
    const waiting = events.next()
    await expect(events.return?.()).resolves.toEqual({ done: true, value: undefined })
    await expect(waiting).resolves.toMatchObject({ done: true })
  })

  it('begins with what is new, in the order of the log, and wakes with the sequencer', async () => {
    await t.fill(2)
    await t.sequence()
    const events = await begin()
    const waiting = events.next()
    const ids = await t.fill(3)
    await t.sequence()
    const { value } = await waiting
    expect(value.map((event: WatchedEntry) => [event.id, event.type, JSON.parse(event.data).id])).toEqual(
      ids.map((id, place) => [String(place + 2), 'entry', id]),
    )
  })

  it('goes on after the index that a reader has seen', async () => {
    await t.fill(3)
    await t.sequence()
    expect(await next(await begin({ after: 0 }))).toEqual(['1', '2'])
    const ahead = await begin({ after: 2 })
    await t.fill(1)
    await t.sequence()
    expect(await next(ahead)).toEqual(['3'])
  })

  it('gives a reader who was away for longer than what is kept at hand every entry once', async () => {
    await t.fill(2_500)
    await t.sequence()
    await t.sequence()
    const events = await begin({ after: 9 })
    const seen: string[] = []
    while (seen.length < 2_490) seen.push(...(await next(events)))
    expect(seen).toEqual(Array.from({ length: 2_490 }, (_, index) => String(index + 10)))
  })

  it('picks the same entries at hand as the log picks by its columns', async () => {
    const at = instantOf(t.clock.nowMs() + 1_000)
    const fill = async () => {
      await t.fill(1)
      await t.fill(1, { partner: alpha, decision: 'permit', purpose: 'credit_assessment', object: { kind: 'release', id: 'r1' } })
      await t.fill(1, { partner: alpha, decision: 'deny' })
      await t.sequence()
    }
    const partner = t.principal({ kind: 'partner', partner: alpha })
    const filters: [z.input<typeof watch.input>, Principal?][] = [
      [{}],
      [{}, partner],
      [{ decision: 'deny' }, partner],
      ...[
        { type: 'probe.fill' },
        { type: 'probe.other' },
        { actor: 'test' },
        { decision: 'deny' as const },
        { partner: alpha },
        { purpose: 'credit_assessment' },
        { object_kind: 'release' },
        { object_kind: 'release', object_id: 'r2' },
        { since: at },
        { until: at },
      ].map((filter): [z.input<typeof watch.input>] => [filter]),
    ]
    await fill()
    t.clock.advance(2_000)
    await fill()
    for (const [filter, principal = t.admin] of filters) {
      const rows = await t.database.transaction(t.tenant, (tx) => integratedEntries(tx, { ...(filter as EntryFilter), visibleTo: principal.partner }, 0, 6))
      const events = await begin({ ...filter, after: 0 }, principal)
      const expected = rows.map(({ index }) => String(index)).filter((index) => index !== '0')
      expect(expected.length === 0 ? [] : await next(events), JSON.stringify(filter)).toEqual(expected)
    }
  })

  it('reads each entry once, however many follow', async () => {
    const readers = await Promise.all(Array.from({ length: 50 }, () => begin()))
    const waiting = Promise.all(readers.map(next))
    const read = vi.spyOn(t.database, 'transaction')
    await t.fill(20)
    await t.sequence()
    for (const ids of await waiting) expect(ids).toHaveLength(20)
    expect(read.mock.calls.length).toBeLessThan(15)
  })
})
