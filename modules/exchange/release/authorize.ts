/**
 * A partner asks for a person's data for a purpose. Policy and consent decide; the answer is a one-time token and a plan, or
 * a refusal with stable reason codes. Nothing is opened and nothing is masked here.
 */
import { addSeconds } from '@gatehouse/core/instant'
import { issueToken } from '@gatehouse/crypto/token'
import type { Permit } from '@gatehouse/policy/decide'
import { partnerReasons } from '@gatehouse/policy/reasons'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import { holdPartner, inGoodStanding, type Partner, standingOf } from '../../governance/partners/index.ts'
import type { Subject } from '../../subjects/index.ts'
import { type Decided, decidePlan, gather } from './decide.ts'
import { digests, type ReleasePlan } from './plan.ts'
import { problems } from './problems.ts'
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
  const { tx, principal } = ctx
  const [partner, gathered] = await Promise.all([
    principal.partner === undefined ? undefined : holdPartner(tx, principal.partner),
    gather(ctx, input, input.partner_id),
  ])
  if (partner === undefined || (input.partner_id !== partner.reference && input.partner_id !== partner.id)) {
    const { purpose } = gathered.about
    return refuse(problems.partner_mismatch, undefined, { ...(purpose === undefined ? {} : { purpose }), details: { reasons: ['partner_mismatch'] } })
  }
  const about = { partner: partner.id, ...gathered.about }
  const receiver = { action: 'release', recipient: partner.reference, standing: standingOf(partner, ctx.now) } as const
  // Whatever the policies say, and also where this process still believes the credential.
  const decided: Decided = inGoodStanding(partner, ctx.now)
    ? await decidePlan(ctx, input, gathered, receiver, partner.id)
    : { outcome: 'denied', reasons: [{ code: 'standing_not_permitted' }] }
  if (decided.outcome === 'record_type_needed') return refuse(problems.record_type_needed, undefined, about)
  if (decided.outcome === 'planned') return grant(ctx, { ...decided, partner })
  const { reasons } = decided
  const details = {
    reasons: reasons.map((reason) => reason.code),
    rules: reasons.flatMap((reason) => (reason.rule === undefined ? [] : [`${reason.policy}/${reason.rule}`])),
    requested: input.fields?.length ?? 0,
  }
  return refuse(problems.denied, undefined, { ...about, details }, { reasons: partnerReasons(reasons) })
}

async function grant(ctx: TransactionContext, { subject, partner, plan, permit }: { subject: Subject; partner: Partner; plan: ReleasePlan; permit: Permit }) {
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
