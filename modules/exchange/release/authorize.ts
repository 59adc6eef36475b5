/**
 * A partner asks for a person's data for a purpose. Policy and consent decide; the answer is a one-time token and a plan, or
 * a refusal with stable reason codes. Nothing is opened and nothing is masked here.
 */
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { issueToken } from '@gatehouse/crypto/token'
import type { Permit } from '@gatehouse/policy/decide'
import { partnerReasons, type Reason } from '@gatehouse/policy/reasons'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import { describeRecord } from '../../custody/vault/index.ts'
import { currentPartner } from '../../governance/partners/index.ts'
import { currentPolicies, purposeTree } from '../../governance/policies/index.ts'
import { findSubject } from '../../subjects/index.ts'
import { digests, planRelease, type ReleasePlan } from './plan.ts'
import { problems } from './problems.ts'
import { ask, chooseRecordType, knownRecordTypes, nobody } from './question.ts'
import { releaseGrant, releaseRequest } from './schema.ts'
import { insertGrant } from './store.ts'

type Request = z.output<typeof releaseRequest>

export const authorize = operation({
  name: 'release.authorize',
  summary: 'Ask for a person’s data for a purpose',
  description:
    'Policy and consent decide. On approval a one-time token comes back, with what each field will look like; the data itself leaves only when the token is redeemed at the exchange. An unknown person, an erased person and a missing consent give one and the same answer.',
  input: releaseRequest,
  output: releaseGrant,
  access: { action: 'create', on: (_input, principal) => ({ type: 'release', ...(principal.partner === undefined ? {} : { owner: principal.partner }) }) },
  audit: () => ({}),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/authorize', aliases: ['/authorize'] },
  problems: [problems.denied, problems.partner_mismatch, problems.record_type_needed],
  example: { input: { partner_id: 'northwind-bank', user_id: 'C000001', purpose: 'loan_application' } },
  run: (ctx, input) => run(ctx, input),
})

async function run(ctx: TransactionContext, input: Request) {
  const { tx, node } = ctx
  const [partner, policies, types, known, purposes] = await Promise.all([
    currentPartner(node, tx, input.partner_id),
    currentPolicies(node, tx, input.partner_id),
    knownRecordTypes(node, tx),
    findSubject(tx, node, input.user_id),
    purposeTree(node, tx),
  ])
  // A purpose nobody defined is free text of a stranger, and the ledger takes none.
  const purpose = purposes.has(input.purpose) ? { purpose: input.purpose } : {}
  if (partner === undefined || partner.id !== ctx.principal.partner) {
    return refuse(problems.partner_mismatch, undefined, { ...purpose, details: { reasons: ['partner_mismatch'] } })
  }
  const subject = known?.status === 'active' ? known : undefined
  const about = {
    partner: partner.id,
    ...purpose,
    ...(subject === undefined ? {} : { subject: { id: subject.id, commitment: subject.commitment } }),
  }
  const deny = (reasons: readonly Reason[]) =>
    refuse(
      problems.denied,
      undefined,
      {
        ...about,
        details: {
          reasons: reasons.map((reason) => reason.code),
          rules: reasons.flatMap((reason) => (reason.rule === undefined ? [] : [`${reason.policy}/${reason.rule}`])),
          requested: input.fields?.length ?? 0,
        },
      },
      { reasons: partnerReasons(reasons) },
    )

  const type = chooseRecordType(types, policies, 'release', input.record_type)
  if (type === 'several') return refuse(problems.record_type_needed, undefined, about)
  if (type === 'unknown') return deny([{ code: policies.length === 0 ? 'no_policy' : 'no_rule' }])
  const question = {
    action: 'release' as const,
    recipient: partner.reference,
    recordType: type.slug,
    available: type.fields.map((field) => field.name),
    ...(input.fields === undefined ? {} : { requested: input.fields }),
    purpose: input.purpose,
    at: ctx.now,
  }
  const [{ decision, consents }, record] = await Promise.all([
    ask({ tx, node, policies, question, subject: subject?.id ?? nobody, partner: partner.id, nowMs: ctx.nowMs }),
    describeRecord(tx, node, subject?.id ?? nobody, type.slug),
  ])
  if (decision.outcome === 'deny') return deny(decision.reasons)
  if (subject === undefined || record === undefined) return deny([{ code: 'not_available' }])
  const planned = planRelease(
    decision,
    { recordType: record.recordType, purpose: input.purpose, fields: record.fields, requested: input.fields ?? null },
    { policies: policies.map(({ policy, version, digest, compiled }) => ({ id: policy, policy: compiled.policy.uid, version, digest })), consents },
  )
  if (planned.outcome === 'impossible') return deny([{ code: 'no_field_left' }])
  return grant(ctx, { subject, partner, plan: planned.plan, permit: decision })
}

async function grant(
  ctx: TransactionContext,
  {
    subject,
    partner,
    plan,
    permit,
  }: { subject: { id: Id<'subject'>; commitment: string }; partner: { id: Id<'partner'>; reference: string }; plan: ReleasePlan; permit: Permit },
) {
  const { token, hash } = issueToken(ctx.node.keys.primitives, 'gh1_')
  const id = ctx.newId<'release'>()
  const expiresIn = permit.ttlMaxSeconds
  await insertGrant(ctx.tx, {
    subject_id: subject.id,
    id,
    token_hash: hash,
    partner_id: partner.id,
    purpose: plan.purpose,
    record_type: plan.recordType,
    rules: permit.rules.map(({ policy, rule }) => `${policy}/${rule}`),
    plan,
    decision_entry: ctx.entry,
    issued_at: ctx.now,
    expires_at: addSeconds(ctx.now, expiresIn),
  })
  ctx.describe({
    decision: 'permit',
    partner: partner.id,
    purpose: plan.purpose,
    subject: { id: subject.id, commitment: subject.commitment },
    object: { kind: 'release', id },
    details: {
      ...digests(plan),
      rules: permit.rules.map(({ policy, rule }) => `${policy}/${rule}`),
      fields: plan.fields.map(({ name }) => name),
      ttl_seconds: expiresIn,
    },
  })
  ctx.publish({
    type: 'release.authorized',
    subject: id,
    data: { release: id, partner: partner.id, purpose: plan.purpose, fields: plan.fields.map((field) => field.name) },
  })
  return {
    status: 'approved' as const,
    release_id: id,
    token,
    exchange_host: ctx.node.addresses.exchangeHost,
    exchange_port: ctx.node.addresses.exchangePort,
    expires_in: expiresIn,
    decision_id: ctx.entry,
    fields: plan.fields.map(({ name, mask }) => ({ name, mask: mask.mask })),
    dropped: permit.dropped.map(({ name, code }) => ({ name, reason: code })),
    obligations: permit.obligations.map(({ duty }) => duty),
  }
}
