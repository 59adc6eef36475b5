import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { labelOf } from '@gatehouse/policy/purposes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { entriesAbout, entryEvidenceIn } from '../../ledger/index.ts'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { partnersNamed } from '../partners/index.ts'
import { purposeTree } from '../policies/index.ts'
import { readOwnTenant } from '../tenancy/index.ts'
import type { KeptConsent } from './document.ts'
import { comingOfAgeOf } from './guardians/age-rule.ts'
import { type Receipt, receiptOf, receiptSchema } from './receipt-document.ts'
import { consentFacts, consentKeySchema } from './schema.ts'
import { findConsent } from './store.ts'

export const readReceipt = operation({
  name: 'consents.receipt',
  summary: 'Get the receipt of a consent',
  description:
    'In the field names of ISO/IEC TS 27560, with the document, its digest, and the entry of the log that vouches for it. `gatehouse-verify receipt` checks the file without the node.',
  input: z.strictObject({ consent: consentKeySchema, user_id: userIdSchema }),
  output: receiptSchema,
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: (_input, receipt) => ({ object: { kind: 'consent', id: receipt.record_id } }),
  http: { method: 'POST', path: '/v1/consents/:consent/receipt' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001', user_id: 'EMP-0001' } },
  problems: [doorProblems.not_found],
  async run(ctx, input) {
    const subject = await findSubject(ctx.tx, ctx.node, input.user_id)
    const consent = subject && (await findConsent(ctx.tx, subject.id, input.consent))
    if (subject === undefined || consent === undefined) return refuse(doorProblems.not_found)
    ctx.describe(consentFacts(subject, { id: input.consent, digest: consent.digest }))
    return receiptFor(ctx, consent)
  },
})

interface At {
  readonly tx: Tx
  readonly node: Node
  readonly tenant: Id<'tenant'>
  readonly now: Instant
}

/** The receipt as of now: names of parties as they are called today, and the proof as far as the log has come. */
export async function receiptFor({ tx, node, tenant, now }: At, consent: KeptConsent): Promise<Receipt> {
  const { recipients, controller, id } = consent.document
  const [institution, purposes, log, age, partners] = await Promise.all([
    readOwnTenant(tx),
    purposeTree(node, tx),
    proofOf({ tx, node, tenant, now }, id),
    comingOfAgeOf(tx, [consent]),
    partnersNamed(tx, controller == null ? recipients : [...recipients, controller]),
  ])
  return receiptOf(consent, {
    institution: { id: tenant, name: institution?.name ?? null },
    partners,
    label: (term) => purposes.get(term)?.label ?? labelOf(term),
    log,
    age,
    now,
  })
}

/** Consents are given by several operations, and each leaves an entry with the digest: the oldest about it is that one. */
async function proofOf({ tx, node, tenant }: At, consent: Id<'consent'>): Promise<Receipt['proof']['log']> {
  const [given] = await entriesAbout(tx, 'consent', [consent])
  if (given === undefined) return null
  const { checkpoint, entries } = await entryEvidenceIn(tx, node, tenant, [given.id])
  const [entry] = entries
  return entry === undefined ? null : { checkpoint, entry: { index: entry.index, body: entry.body, proof: [...entry.proof] } }
}
