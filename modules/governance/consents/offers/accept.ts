/** Agreeing to an offer, whoever does it: the person, or guardians on the person's behalf. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { labelOf } from '@gatehouse/policy/purposes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Refusal, TransactionContext } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import type { Subject } from '../../../subjects/index.ts'
import { partnersNamed } from '../../partners/index.ts'
import { purposeTree } from '../../policies/index.ts'
import type { KeptConsent } from '../document.ts'
import { give } from '../give.ts'
import type { OnBehalf } from '../record.ts'
import { consentToOffer } from '../store.ts'
import { type OfferView, offersMax, type ownOfferSchema } from './schema.ts'
import { listOffers } from './store.ts'

const daySeconds = 86_400

/** Who has agreed already and agrees again gets the next version, which begins and ends anew. */
export async function acceptOffer(ctx: TransactionContext, subject: Subject, offer: OfferView, onBehalf?: OnBehalf): Promise<KeptConsent | Refusal> {
  const terms = {
    ...offer.terms,
    offer: offer.id,
    method: 'electronic_form' as const,
    ...(offer.valid_days === null ? {} : { until: addSeconds(ctx.now, offer.valid_days * daySeconds) }),
  }
  return give(ctx, subject, terms, await consentToOffer(ctx.tx, subject.id, offer.id, ctx.now), onBehalf)
}

/** What the person is asked for, in words, with what they have agreed to. */
export async function ownOffers(
  tx: Tx,
  node: Node,
  subject: Id<'subject'>,
  now: Parameters<typeof consentToOffer>[3],
): Promise<z.output<typeof ownOfferSchema>[]> {
  const open = await listOffers(tx, false, offersMax)
  const [purposes, given, partners] = await Promise.all([
    purposeTree(node, tx),
    Promise.all(open.map(({ id }) => consentToOffer(tx, subject, id, now))),
    partnersNamed(
      tx,
      open.flatMap(({ terms }) => terms.recipients),
    ),
  ])
  return open.map(({ id, title, about, terms, valid_days }, index) => ({
    id,
    title,
    about,
    purposes: terms.purposes.map((term) => ({ term, label: purposes.get(term)?.label ?? labelOf(term) })),
    recipients: terms.recipients.map((reference) => ({ reference, name: partners.get(reference)?.name ?? null })),
    data_classes: [...terms.data_classes],
    valid_days,
    given: given[index] ?? null,
  }))
}
