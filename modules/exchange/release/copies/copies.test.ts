import type { Id } from '@gatehouse/core/id'
import { anonymous } from '@gatehouse/runtime/base/context'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { dispatcher } from '@gatehouse/runtime/edge/dispatcher'
import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noWitnesses } from '../../../../apps/verify/checkpoint.ts'
import { nodeCryptography } from '../../../../apps/verify/command/machine.ts'
import { readKeys } from '../../../../apps/verify/keys.ts'
import { verifyReceipt } from '../../../../apps/verify/receipt/verify.ts'
import { judge } from '../../../../apps/verify/report.ts'
import { giveConsent } from '../../../governance/consents/give.ts'
import { readReceipt } from '../../../governance/consents/receipt.ts'
import { searchConsents } from '../../../governance/consents/search.ts'
import { withdrawConsent } from '../../../governance/consents/withdraw.ts'
import { marketing, openReports, type ReportsNode } from '../../../insight/reports/testing/reports.ts'
import { logSizes, logVkeys, sequencedEntries } from '../../../ledger/index.ts'
import { findSubject } from '../../../subjects/index.ts'
import { authorize } from '../authorize.ts'
import { redeem } from '../redeem.ts'
import { copies, myCopies } from './list.ts'
import { tellRecipients } from './tell-recipients.ts'

let t: ReportsNode
let consent: Id<'consent'>
const delivered: Id<'release'>[] = []
let open: { release_id: Id<'release'>; token: string }

beforeAll(async () => {
  t = await openReports()
  consent = (await t.done(searchConsents, { user_id: 'C-1' })).data[0].id
  for (const end of ['deliver', 'lose', 'permit', 'cancel'] as const) {
    const release = await t.flow({ partner: t.quay, purpose: marketing, end })
    if (release !== undefined && (end === 'deliver' || end === 'lose')) delivered.push(release)
    t.clock.advance(1000)
  }
  // Rests on a contract and not on the consent.
  await t.flow({ partner: t.harbour })
  open = await t.done(authorize, { partner_id: 'quay-clinic', user_id: 'C-1', purpose: marketing }, t.quay)
  await t.count()
})
afterAll(() => t.close())

const person = async (userId: string) => {
  const subject = await t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, userId))
  return t.principal({ id: '01980000-0000-7000-8000-0000000000bb', roles: ['person'], ...(subject === undefined ? {} : { subject: subject.id }) })
}
/** Hands on what is in the log, as the worker does; at least once, so a second time too. */
const handOn = async () => {
  await t.count()
  const heard: CloudEvent[] = []
  const loop = dispatcher({ sizes: logSizes, sequenced: sequencedEntries }, [
    tellRecipients,
    { consumer: 'heard', types: 'all', handle: async (_node, _tenant, events) => void heard.push(...events) },
  ])
  while (await loop.run(t.door.node));
  await t.count()
  while (await loop.run(t.door.node));
  return heard
}
const problemOf = async (act: Promise<{ outcome: string; problem?: { kind: unknown } }>) => (await act).problem?.kind

describe('before a consent is withdrawn', () => {
  it('its copies are listed to the staff and to the person, and nobody was told', async () => {
    const wanted = delivered
      .toReversed()
      .map((release) => ({ release, partner_name: 'Quay Clinić', purpose: marketing, record_type: 'customer', fields: ['given_name'], told_at: null }))
    expect((await t.done(copies, { consent, user_id: 'C-1' })).copies).toMatchObject(wanted)
    expect((await t.done(myCopies, { consent }, await person('C-1'))).copies).toMatchObject(wanted)
  })

  it('nobody else finds them', async () => {
    expect(await problemOf(t.door.enter(copies, { consent, user_id: 'C-2' }, t.officer) as never)).toBe(doorProblems.not_found)
    expect(await problemOf(t.door.enter(myCopies, { consent }, await person('C-2')) as never)).toBe(doorProblems.not_found)
    for (const principal of [t.quay, t.principal({ roles: ['administrator'] })])
      await expect(t.door.enter(copies, { consent, user_id: 'C-1' }, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
  })

  it('its receipt is vouched for by the log, and is checked without the node', async () => {
    const receipt = JSON.stringify(await t.done(readReceipt, { consent, user_id: 'C-1' }))
    const keys = await readKeys((await logVkeys(t.door.node, t.tenant)).join('\n'), nodeCryptography)
    const check = (text: string) =>
      judge(async (run) => {
        await verifyReceipt(run, { receipt: text, keys, policy: noWitnesses, cryptography: nodeCryptography })
      })
    expect(await check(receipt)).toMatchObject({ verdict: 'good' })
    expect(await check(receipt.replaceAll(marketing, 'dpv:Purpose'))).toMatchObject({ verdict: 'bad' })
  })
})

describe('a withdrawal', () => {
  it('closes the tokens that rest on the consent, and they are refused even before that', async () => {
    await t.done(withdrawConsent, { consent, user_id: 'C-1' })
    await expect(t.door.enter(redeem, { token: open.token }, anonymous)).resolves.toMatchObject({ outcome: 'refused' })
    expect(await problemOf(t.door.enter(authorize, { partner_id: 'quay-clinic', user_id: 'C-1', purpose: marketing }, t.quay) as never)).toBeDefined()
  })

  it('is told once to each partner that holds a copy, with its releases, and to no other', async () => {
    t.clock.advance(1000)
    const events = [...(await handOn()), ...(await handOn())]
    const told = events.filter(({ type }) => type === 'release.consent_withdrawn')
    expect(told.map(({ subject, data }) => ({ subject, data }))).toEqual([
      { subject: consent, data: { consent, partner: t.quay.partner, releases: delivered.toReversed(), count: 2 } },
    ])
    expect(events.find(({ type }) => type === 'consents.withdrawn')?.data.recipients).toEqual([t.quay.partner])
    // The token that was granted and never redeemed.
    expect(events.filter(({ type, data }) => type === 'release.cancelled' && data.partner === t.quay.partner)).toHaveLength(2)
    expect(JSON.stringify(events)).not.toContain('C-1')
    const shown = (await t.done(myCopies, { consent }, await person('C-1'))).copies
    expect(shown.map(({ told_at }: { told_at: string | null }) => told_at !== null)).toEqual([true, true])
  })

  it('of a consent under which nothing left is told to nobody', async () => {
    const given = { user_id: 'C-2', purposes: [marketing], recipients: ['*'], data_classes: ['*'], method: 'paper' }
    const { consent: unused } = await t.done(giveConsent, given)
    await t.done(withdrawConsent, { consent: unused.id, user_id: 'C-2' })
    const events = await handOn()
    expect(events.find(({ type, subject }) => type === 'consents.withdrawn' && subject === unused.id)?.data.recipients).toEqual(['*'])
    expect(events.filter(({ type, subject }) => type === 'release.consent_withdrawn' && subject === unused.id)).toEqual([])
  })
})
