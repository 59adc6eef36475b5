/**
 * A withdrawal reaches those who received something under the consent. The tokens that are still out are refused anyway, since
 * redeeming asks consent again; here they are closed, and each partner that holds a copy is told once, by its webhooks.
 */
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Subscription } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { recordOwnAct } from '../../../ledger/index.ts'
import { personById } from '../../../subjects/index.ts'
import { copiesMax } from '../schema.ts'
import { type Copy, cancelGrantsUnder, copiesUnder, noteWithdrawal } from '../store.ts'

/** So many releases are named to a partner; of more it is told the newest, and how many there are. */
const releasesNamed = 50

export const tellRecipients: Subscription = {
  consumer: 'release.withdrawals',
  types: ['consents.withdrawn'],
  async handle(node, tenant, events) {
    for (const { data } of events) {
      const withdrawn = { subject: data.subject as Id<'subject'>, consent: data.consent as Id<'consent'> }
      await node.database.transaction(tenant, (tx) => carryOut(tx, node, tenant, withdrawn))
    }
  },
}

interface Withdrawn {
  readonly subject: Id<'subject'>
  readonly consent: Id<'consent'>
}

async function carryOut(tx: Tx, node: Node, tenant: Id<'tenant'>, withdrawn: Withdrawn): Promise<void> {
  const moment = momentOf(node.source)
  const { subject, consent } = withdrawn
  for (const { id, partner } of await cancelGrantsUnder(tx, subject, consent, moment.now)) {
    const facts = { partner, object: { kind: 'release', id }, details: { consent_id: consent } }
    const events = [{ type: 'release.cancelled', subject: id, data: { release: id, partner } }]
    await recordOwnAct(tx, node, { tenant, by: 'release', type: 'release.cancel', facts, events }, moment)
  }
  const copies = await copiesUnder(tx, subject, consent, copiesMax)
  const person = copies.length === 0 ? undefined : await personById(tx, subject)
  for (const [partner, held] of byPartner(copies)) {
    if (!(await noteWithdrawal(tx, subject, consent, partner, moment.now))) continue
    const facts = {
      partner,
      object: { kind: 'consent', id: consent },
      ...(person === undefined || person.status === 'erased' ? {} : { subject: { id: subject, commitment: person.commitment } }),
      details: { consent_id: consent, releases: held.length },
    }
    const releases = held.slice(0, releasesNamed).map(({ release }) => release)
    const event = { type: 'release.consent_withdrawn', subject: consent, data: { consent, partner, releases, count: held.length } }
    await recordOwnAct(tx, node, { tenant, by: 'release', type: 'release.notify_withdrawal', facts, events: [event] }, moment)
  }
}

function byPartner(copies: readonly Copy[]): Map<Id<'partner'>, Copy[]> {
  const held = new Map<Id<'partner'>, Copy[]>()
  for (const copy of copies) held.set(copy.partner, [...(held.get(copy.partner) ?? []), copy])
  return held
}
