/**
 * What may be said of a person to that person's own wallet: the same questions as for a release, asked of whatever carries a
 * claim out. Nothing leaves here; whoever asks makes a claim of what is opened.
 */
import type { Id } from '@gatehouse/core/id'
import type { Permit } from '@gatehouse/policy/decide'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { openRecord } from '../../custody/vault/index.ts'
import { ownRecipients } from '../../governance/partners/index.ts'
import type { Subject } from '../../subjects/index.ts'
import { decidePlan, type Gathered, gatherAbout } from './decide.ts'
import { maskPlanned } from './mask-record.ts'
import { digests, type ReleasePlan } from './plan.ts'

/** Wallets share one key for masks: they hold what is said of their own person. */
const holderKey = '00000000-0000-0000-0000-0000000401de' as Id<'partner'>

export interface HolderWish {
  readonly purpose: string
  readonly recordType: string
  /** Without it any field will do: something may be said, and nothing is opened. */
  readonly field?: string
}

export type HolderDecision =
  | { readonly outcome: 'planned'; readonly about: Gathered['about']; readonly subject: Subject; readonly plan: ReleasePlan; readonly permit: Permit }
  | { readonly outcome: 'denied'; readonly about: Gathered['about']; readonly reasons: readonly string[] }

export async function decideForHolder(ctx: TransactionContext, person: Promise<Subject | undefined>, wish: HolderWish): Promise<HolderDecision> {
  const gathered = await gatherAbout(ctx, person, wish.purpose, ownRecipients.holder)
  const wanted = { purpose: wish.purpose, record_type: wish.recordType, ...(wish.field === undefined ? {} : { fields: [wish.field] }) }
  const decided = await decidePlan(ctx, wanted, gathered, { action: 'release', recipient: ownRecipients.holder })
  const { about } = gathered
  if (decided.outcome === 'planned') return { ...decided, about }
  return { outcome: 'denied', about, reasons: decided.outcome === 'denied' ? decided.reasons.map(({ code }) => code) : ['record_type_needed'] }
}

export type HolderRecord =
  | { readonly outcome: 'opened'; readonly block: string; readonly record: Readonly<Record<string, unknown>> }
  | { readonly outcome: 'tampered' | 'gone' }

/** The planned fields as the policy's masks leave them. */
export async function openForHolder({ tx, node, tenant }: TransactionContext, subject: Id<'subject'>, plan: ReleasePlan): Promise<HolderRecord> {
  const opened = await openRecord(tx, node, { subject, recordType: plan.recordType, fields: plan.fields.map(({ name }) => name) })
  if (opened.outcome !== 'opened') return { outcome: opened.outcome }
  const { record } = await maskPlanned({ tx, node, tenant, partner: holderKey, subject, fields: plan.fields }, opened.record)
  return { outcome: 'opened', block: opened.block, record }
}

/** What the ledger ties a claim to: the policies and consents it rested on. */
export const groundsOf = digests
