import type { Instant } from '@gatehouse/core/instant'
import { labelOf } from '@gatehouse/policy/purposes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { partnersNamed } from '../partners/index.ts'
import { purposeTree } from '../policies/index.ts'
import { behalfView, type KeptConsent, stateOf, versionView } from './document.ts'
import { comingOfAgeOf } from './guardians/age-rule.ts'
import type { OwnConsent } from './schema.ts'

/** One consent as its person reads it. */
export async function ownView(tx: Tx, node: Node, now: Instant, consent: KeptConsent): Promise<OwnConsent> {
  const [view] = await ownViews(tx, node, now, [consent])
  if (view === undefined) throw new TypeError('one consent has one view')
  return view
}

/** Consents as their person reads them: purposes in words, recipients by name. Each name is looked up once. */
export async function ownViews(tx: Tx, node: Node, now: Instant, consents: readonly KeptConsent[]): Promise<OwnConsent[]> {
  const [purposes, age, partners] = await Promise.all([
    purposeTree(node, tx),
    comingOfAgeOf(tx, consents),
    partnersNamed(
      tx,
      consents.flatMap(({ document }) => document.recipients),
    ),
  ])
  return consents.map((kept) => ({
    id: kept.document.id,
    state: stateOf(kept, now, age),
    ...versionView(kept),
    ...behalfView(kept, now, age),
    purposes: kept.document.purposes.map((term) => ({ term, label: purposes.get(term)?.label ?? labelOf(term) })),
    recipients: kept.document.recipients.map((reference) => ({ reference, name: partners.get(reference)?.name ?? null })),
    data_classes: [...kept.document.data_classes],
    method: kept.document.method,
    given_at: kept.document.given_at,
    from: kept.document.from,
    until: kept.document.until,
    withdrawn_at: kept.withdrawn_at,
  }))
}
