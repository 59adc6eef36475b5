/**
 * The token is spent and the data leaves, once. The receiver's key is proven before the token is touched; then one conditional
 * update spends it; then policy and consent are asked again, and a refusal from there on burns it. The ledger entry commits
 * before the first byte leaves.
 */

import { Problem } from '@gatehouse/core/problem'
import { parseToken, tokenHash } from '@gatehouse/crypto/token'
import type { Principal } from '@gatehouse/runtime/base/context'
import { type AuditFacts, operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { openRecord } from '../../custody/vault/index.ts'
import { provenKey } from '../../governance/identity/index.ts'
import { currentReceiverKeys, holdPartner, inGoodStanding, type Partner, standingOf } from '../../governance/partners/index.ts'
import { currentPolicies } from '../../governance/policies/index.ts'
import { subjectById } from '../../subjects/index.ts'
import { deliver, deliveriesOf } from './deliver.ts'
import { maskPlanned } from './mask-record.ts'
import { digests, type ReleasePlan, stillPermits } from './plan.ts'
import { problems } from './problems.ts'
import { ask } from './question.ts'
import { releasedData } from './schema.ts'
import { closeGrant, type GrantRow, grantById, grantByToken, spendGrant } from './store.ts'

const input = z.strictObject({ token: z.string().max(128).describe('The one-time token') })

export const redeem = operation({
  name: 'release.redeem',
  summary: 'Redeem a one-time token and receive the data',
  description:
    'The token itself is the credential. A partner that has registered a key proves it too: by its client certificate on the exchange socket, or by a DPoP proof (RFC 9449) here. Every refusal looks the same; the institution’s ledger knows why.',
  input,
  output: releasedData,
  access: { public: 'the one-time token says on whose behalf the caller acts, and is checked by this operation' },
  audit: () => ({}),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/redeem' },
  problems: [problems.token_refused],
  followUp: {
    operation: deliver,
    inputOf: deliveriesOf,
  },
  example: { input: { token: 'gh1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } },
  run: (ctx, { token }) => run(ctx, token),
})

/** Whether the token was presented from where the institution is not reached: to whoever presents it that looks like any other refusal. */
async function actsFromOutside(ctx: TransactionContext, principal: Principal): Promise<boolean> {
  try {
    await ctx.actAs(principal)
    return false
  } catch (error) {
    if (error instanceof Problem && error.kind === doorProblems.outside_boundary) return true
    throw error
  }
}

async function run(ctx: TransactionContext, text: string) {
  const { tx, node } = ctx
  const token = parseToken(text, 'gh1_')
  const grant = token === undefined ? undefined : await grantByToken(tx, tokenHash(node.keys.primitives, token))
  // Nobody is known, so there is no log to write to: the door counts it by source and minute.
  if (grant === undefined) throw new Problem(problems.token_refused)

  const outside = await actsFromOutside(ctx, { kind: 'partner', id: grant.partner_id, tenant: grant.tenant_id, partner: grant.partner_id, roles: ['partner'] })
  const found = subjectById(tx, grant.subject_id)
  const [partner, keys, proven] = await Promise.all([
    // From here on its standing stays as it is until the entry has committed, or has changed already.
    holdPartner(tx, grant.partner_id),
    currentReceiverKeys(node, tx, grant.partner_id),
    provenKey(node, ctx.knock),
  ])
  const plan = grant.plan
  const facts = async (): Promise<AuditFacts> => {
    const subject = await found
    return {
      partner: grant.partner_id,
      purpose: grant.purpose,
      object: { kind: 'release', id: grant.id },
      ...(subject?.status === 'active' ? { subject: { id: subject.id, commitment: subject.commitment } } : {}),
    }
  }
  const refused = async (reason: string) => refuse(problems.token_refused, undefined, { ...(await facts()), details: { reasons: [reason] } })

  if (outside) return refused('outside_boundary')
  if (!inGoodStanding(partner, ctx.now)) return refused('partner_not_active')
  if (proven === 'invalid' || (keys.length > 0 && !keys.some((key) => key.thumbprint === proven))) return refused('key_not_proven')
  if (grant.state !== 'issued') return refused(grant.state)
  // All of it is sent together and answered in this order: what comes behind the spending counts only if the spending did.
  const [spent, subject, again, opened] = await Promise.all([
    spendGrant(tx, grant, ctx.now),
    found,
    secondLook(ctx, grant, plan, partner),
    openRecord(tx, node, { subject: grant.subject_id, recordType: plan.recordType, fields: plan.fields.map((field) => field.name) }),
  ])
  if (!spent) {
    // Read again: whoever loses a race read the grant before the winner moved it.
    const state = (await grantById(tx, grant.id))?.state ?? grant.state
    return refused(state === 'issued' ? 'expired' : state)
  }
  const burned = async (reason: string) => {
    await closeGrant(tx, grant, { from: 'spent', to: 'burned', at: ctx.now })
    return refused(reason)
  }
  if (subject?.status !== 'active') return burned('subject_erased')
  if (again !== undefined) return burned(again)
  if (opened.outcome === 'tampered') {
    node.log.error({ release: grant.id, place: opened.place }, 'a stored record fails its verification; nothing was sent')
    return burned('record_tampered')
  }
  if (opened.outcome === 'gone') return burned('record_gone')
  const { record } = await maskPlanned(
    { tx, node, tenant: grant.tenant_id, partner: grant.partner_id, subject: grant.subject_id, fields: plan.fields },
    opened.record,
  )
  ctx.publish({
    type: 'release.redeemed',
    subject: grant.id,
    data: { release: grant.id, partner: grant.partner_id, purpose: grant.purpose, fields: plan.fields.map((field) => field.name) },
  })
  ctx.describe({
    ...(await facts()),
    decision: 'permit',
    details: {
      ...digests(plan),
      block: opened.block,
      data_digest: opened.data_hash,
      fields: plan.fields.map(({ name }) => name),
      // The thumbprint of the receiver's registered key; a partner without one proves nothing but the token.
      ...(proven === undefined ? {} : { receiver_key: proven }),
    },
  })
  return {
    release_id: grant.id,
    decision_id: grant.decision_entry,
    partner_id: partner.reference,
    purpose: grant.purpose,
    record_type: plan.recordType,
    released_at: ctx.now,
    fields: plan.fields.map(({ name, mask }) => ({ name, mask: mask.mask })),
    record,
  }
}

/** Asks everything again as of now. Counts were spent when the grant was made and are not asked twice. */
async function secondLook(ctx: TransactionContext, grant: GrantRow, plan: ReleasePlan, partner: Partner): Promise<string | undefined> {
  const { tx, node } = ctx
  const recipient = partner.reference
  const policies = await currentPolicies(node, tx, recipient)
  const active = plan.policies.every(({ id, version }) => policies.some((policy) => policy.policy === id && policy.version === version))
  if (!active) return 'policy_not_active'
  const { decision } = await ask({
    tx,
    node,
    policies,
    question: {
      action: 'release',
      recipient,
      recordType: plan.recordType,
      available: plan.fields.map((field) => field.name),
      requested: plan.fields.map((field) => field.name),
      purpose: plan.purpose,
      at: ctx.now,
      standing: standingOf(partner, ctx.now),
    },
    subject: grant.subject_id,
    counted: true,
    nowMs: ctx.nowMs,
  })
  if (decision.outcome === 'deny') return decision.reasons[0]?.code ?? 'denied'
  return stillPermits(decision, plan) ? undefined : 'policy_changed'
}
