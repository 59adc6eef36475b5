/** What ends with the standing of a partner, and when. */
import type { Id } from '@gatehouse/core/id'
import { anonymous } from '@gatehouse/runtime/base/context'
import { dispatcher } from '@gatehouse/runtime/edge/dispatcher'
import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { updatePartner } from '../../governance/partners/update.ts'
import { care, openReports, type ReportsNode } from '../../insight/reports/testing/reports.ts'
import { logSizes, sequencedEntries } from '../../ledger/index.ts'
import { authorize } from './authorize.ts'
import { endWithPartner } from './end-with-partner.ts'
import { problems } from './problems.ts'
import { redeem } from './redeem.ts'

let t: ReportsNode
beforeAll(async () => {
  t = await openReports()
})
afterAll(() => t.close())

const officer = () => t.principal({ roles: ['officer'] })
const ask = () => t.door.enter(authorize, { partner_id: 'harbour-bank', user_id: 'C-1', purpose: care }, t.harbour)
const token = async (): Promise<{ token: string; release_id: Id<'release'> }> => {
  const answer = await ask()
  if (answer.outcome !== 'done') throw new Error('not granted')
  return answer.output
}
const redeemed = ({ token }: { token: string }) => t.door.enter(redeem, { token }, anonymous)
const change = (more: object) => t.done(updatePartner, { partner: 'harbour-bank', ...more }, officer())
const refused = { outcome: 'refused', problem: { kind: problems.token_refused } }

/** Hands on what is in the log, as the worker does; at least once, so a second time too. */
async function handOn(): Promise<CloudEvent[]> {
  const heard: CloudEvent[] = []
  const loop = dispatcher({ sizes: logSizes, sequenced: sequencedEntries }, [
    endWithPartner,
    { consumer: 'heard', types: 'all', handle: async (_node, _tenant, events) => void heard.push(...events) },
  ])
  for (let time = 0; time < 2; time++) {
    await t.count()
    while (await loop.run(t.door.node));
  }
  return heard
}

describe('a partner that was put under sanctions', () => {
  it('gets nothing for a token it holds, nor a new one, though this process believed its key a moment ago', async () => {
    const held = await token()
    await change({ status: 'sanctioned', reason: 'Named in a list' })
    expect(await redeemed(held)).toMatchObject(refused)
    expect(await ask()).toMatchObject({ outcome: 'refused', problem: { kind: problems.denied, extensions: { reasons: [{ code: 'condition_not_met' }] } } })
  })

  it('loses its grants one by one, each with an entry and an event, and nobody else does', async () => {
    const events = (await handOn()).filter(({ type }) => type === 'release.cancelled')
    expect(events).toHaveLength(1)
    expect(events[0]?.data).toMatchObject({ partner: t.harbour.partner })
    expect(JSON.stringify(events)).not.toContain('list')
  })

  it('gets its old token back by no change: what was cancelled stays so', async () => {
    await change({ status: 'active' })
    const before = await token()
    await change({ status: 'sanctioned' })
    await handOn()
    await change({ status: 'active' })
    await handOn()
    expect(await redeemed(before)).toMatchObject(refused)
    expect(await redeemed(await token())).toMatchObject({ outcome: 'done' })
  })
})

describe('a redemption at the moment of the change', () => {
  it('waits for a change that came first, and is refused', async () => {
    const held = await token()
    let late: Promise<unknown> = Promise.resolve()
    await t.database.transaction(t.tenant, async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`partner ${t.harbour.partner}`])
      await tx.query(`UPDATE partners.partner SET status = 'sanctioned' WHERE tenant_id = $1 AND id = $2`, [t.tenant, t.harbour.partner])
      late = redeemed(held)
      await expect(Promise.race([late, new Promise((resolve) => setTimeout(resolve, 50, 'waits'))])).resolves.toBe('waits')
    })
    expect(await late).toMatchObject(refused)
    await change({ status: 'active' })
  })
})

describe('a partner whose date has come', () => {
  it('gets nothing at that very moment, though nobody and nothing has acted', async () => {
    const ends = new Date(t.clock.nowMs() + 30_000).toISOString()
    await change({ expires_at: ends })
    const [early, late] = [await token(), await token()]
    t.clock.advance(29_999)
    expect(await redeemed(early)).toMatchObject({ outcome: 'done' })
    t.clock.advance(1)
    expect(await redeemed(late)).toMatchObject(refused)
    expect(await ask()).toMatchObject({ outcome: 'refused', problem: { kind: problems.denied } })
  })
})
