/**
 * From a request to a plan, or to the reasons why there is none: what a partner's release and a read by staff have in common.
 * Nothing is opened and nothing is written here.
 */

import type { Permit } from '@gatehouse/policy/decide'
import type { Standing } from '@gatehouse/policy/document'
import type { Reason } from '@gatehouse/policy/reasons'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { describeRecord } from '../../custody/vault/index.ts'
import type { Partner } from '../../governance/partners/index.ts'
import { currentPolicies, purposeTree } from '../../governance/policies/index.ts'
import { findSubject, type Subject } from '../../subjects/index.ts'
import { planRelease, type ReleasePlan } from './plan.ts'
import { ask, chooseRecordType, knownRecordTypes, nobody } from './question.ts'

export interface Wanted {
  readonly user_id: string
  readonly purpose: string
  readonly fields?: string[] | undefined
  readonly record_type?: string | undefined
}

/** The name under which policies know who receives, and what that one may be allowed to do. */
export interface Receiver {
  readonly action: 'release' | 'read'
  readonly recipient: string
  /** Of a partner. */
  readonly standing?: Standing
}

/** What the decision rests on, all asked for at once: an unknown person takes as long as a known one. */
export function gather(ctx: TransactionContext, { user_id, purpose }: Pick<Wanted, 'user_id' | 'purpose'>, recipient: string) {
  return gatherAbout(ctx, findSubject(ctx.tx, ctx.node, user_id), purpose, recipient)
}

export async function gatherAbout({ tx, node }: TransactionContext, person: Promise<Subject | undefined>, purpose: string, recipient: string) {
  const [policies, types, known, purposes] = await Promise.all([
    currentPolicies(node, tx, recipient),
    knownRecordTypes(node, tx),
    person,
    purposeTree(node, tx),
  ])
  const subject = known?.status === 'active' ? known : undefined
  return {
    policies,
    types,
    subject,
    /** For the ledger. A purpose nobody defined is free text of a stranger, and the ledger takes none. */
    about: {
      ...(purposes.has(purpose) ? { purpose } : {}),
      ...(subject === undefined ? {} : { subject: { id: subject.id, commitment: subject.commitment } }),
    },
  }
}

export type Gathered = Awaited<ReturnType<typeof gather>>

export type Decided =
  | { readonly outcome: 'planned'; readonly subject: Subject; readonly plan: ReleasePlan; readonly permit: Permit }
  | { readonly outcome: 'denied'; readonly reasons: readonly Reason[] }
  | { readonly outcome: 'record_type_needed' }

/** @param partner whose grants are counted; without it nothing is counted */
export async function decidePlan(
  { tx, node, now, nowMs }: TransactionContext,
  wanted: Omit<Wanted, 'user_id'>,
  { policies, types, subject }: Gathered,
  { action, recipient, standing }: Receiver,
  partner?: Partner['id'],
): Promise<Decided> {
  const type = chooseRecordType(types, policies, action, wanted.record_type)
  if (type === 'several') return { outcome: 'record_type_needed' }
  if (type === 'unknown') return denied({ code: policies.length === 0 ? 'no_policy' : 'no_rule' })
  const question = {
    action,
    recipient,
    recordType: type.slug,
    available: type.fields.map((field) => field.name),
    ...(wanted.fields === undefined ? {} : { requested: wanted.fields }),
    purpose: wanted.purpose,
    at: now,
    ...(standing === undefined ? {} : { standing }),
  }
  const [{ decision, consents }, record] = await Promise.all([
    ask({ tx, node, policies, question, subject: subject?.id ?? nobody, ...(partner === undefined ? {} : { partner }), nowMs }),
    describeRecord(tx, node, subject?.id ?? nobody, type.slug),
  ])
  if (decision.outcome === 'deny') return denied(...decision.reasons)
  if (subject === undefined || record === undefined) return denied({ code: 'not_available' })
  const planned = planRelease(
    decision,
    { recordType: record.recordType, purpose: wanted.purpose, fields: record.fields, requested: wanted.fields ?? null },
    { policies: policies.map(({ policy, version, digest, compiled }) => ({ id: policy, policy: compiled.policy.uid, version, digest })), consents },
  )
  if (planned.outcome === 'impossible') return denied({ code: 'no_field_left' })
  return { outcome: 'planned', subject, plan: planned.plan, permit: decision }
}

const denied = (...reasons: Reason[]): Decided => ({ outcome: 'denied', reasons })
