import type { Id } from '@gatehouse/core/id'
import { utf8 } from '@gatehouse/crypto/bytes'
import type { Answer } from '@gatehouse/runtime/door/door'
import { leafHash, rootOf } from '@gatehouse/transparency/merkle'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exportLog } from './export.ts'
import { list } from './list.ts'
import { type LedgerNode, ledgerNode, sha256 } from './testing/ledger-node.ts'
import { verifyLog } from './verify-log.ts'
import { watch } from './watch.ts'

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
  const begin = async (after?: number) => done(await t.door.enter(watch, after === undefined ? {} : { after }, t.admin))[Symbol.asyncIterator]()

  it('ends when its reader leaves while nothing happens', async () => {
    const events = await begin()
    const next = events.next()
    await expect(events.return?.()).resolves.toEqual({ done: true, value: undefined })
    await expect(next).resolves.toMatchObject({ done: true })
  })

  it('begins with what is new, in the order of the log, and wakes with the sequencer', async () => {
    await t.fill(2)
    await t.sequence()
    const events = await begin()
    const next = events.next()
    const ids = await t.fill(3)
    await t.sequence()
    expect(await next).toMatchObject({ value: { id: '2', type: 'entry', data: { id: ids[0], index: 2 } } })
    expect((await events.next()).value).toMatchObject({ id: '3' })
    expect((await events.next()).value).toMatchObject({ id: '4' })
    await events.return?.()
  })

  it('goes on after the index that a reader has seen', async () => {
    await t.fill(3)
    await t.sequence()
    const events = await begin(0)
    expect((await events.next()).value).toMatchObject({ id: '1' })
    await events.return?.()
    const ahead = await begin(2)
    await t.fill(1)
    await t.sequence()
    expect((await ahead.next()).value).toMatchObject({ id: '3' })
    await ahead.return?.()
  })
})
