/**
 * A wallet answers. First one conditional update takes the request, so that it counts once; then, outside of any transaction, the
 * presentation is held against what was asked; then the outcome is kept with its entry. A wrong answer uses the request up too.
 */

import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { presentationOf } from '@gatehouse/credentials/presentation/dcql'
import { verifyPresentation } from '@gatehouse/credentials/sd-jwt/verify'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { institutionOf, openly } from '../institution.ts'
import { problems } from '../problems.ts'
import { bindingAgeSeconds, vpTokenMax } from '../schema.ts'
import { closePresentation, type PresentationRow, takeAnswer } from '../store.ts'
import { verifyJws } from '../verify-jws.ts'
import { isRevoked, issuerKey } from './issuer-keys.ts'
import { clientIdOf } from './request-object.ts'

type Outcome = Pick<PresentationRow, 'status' | 'reason' | 'issuer' | 'shown'>

const input = z.object({
  tenant: idSchema('tenant'),
  presentation: idSchema('presentation'),
  state: z.string().max(200).default(''),
  vp_token: z.string().max(vpTokenMax).optional(),
  error: z.string().max(200).optional(),
})

export const answer = operation({
  name: 'credentials.answer',
  summary: 'Answer a request for claims',
  description: 'OpenID4VP 1.0 section 8.2, `direct_post`: whatever is sent, the request is used up by it.',
  kind: 'steps',
  input,
  output: z.strictObject({}),
  access: { public: 'the wallet that was asked answers, and proves by signatures what it says' },
  audit: { none: 'the outcome is written with its entry, credentials.answered, in the institution’s log' },
  http: { method: 'POST', path: '/institutions/:tenant/responses/:presentation', form: true, speaks: 'oauth' },
  problems: [doorProblems.not_found, problems.presentation_refused],
  async run(ctx, sent) {
    const { node, now, nowMs } = ctx
    const { tenant } = sent
    const asked = await openly(node, tenant, (tx) => takeAnswer(tx, sent.presentation, now))
    if (asked === undefined) throw new Problem(doorProblems.not_found)
    await ctx.actAs(systemPrincipal(tenant, 'wallet'))
    const outcome = await judge(node, clientIdOf(institutionOf(node, tenant)), asked, sent, nowMs)
    await ctx.step(async (tx) => {
      await closePresentation(tx, asked.id, outcome)
      const { status, reason, issuer } = outcome
      const details = {
        status,
        claims: asked.claims,
        ...(reason === null ? {} : { reasons: [reason] }),
        ...(issuer === null ? {} : { issuer: issuer.slice(0, 200) }),
        ...(sent.vp_token === undefined ? {} : { answer_digest: toHex(node.keys.primitives.sha256(utf8(sent.vp_token))) }),
      }
      const decision = status === 'proven' ? ('permit' as const) : ('deny' as const)
      const data = { presentation: asked.id, status }
      const facts = { decision, purpose: asked.purpose, object: { kind: 'presentation', id: asked.id }, details }
      await ctx.record(tx, 'credentials.answered', facts, [{ type: 'credentials.answered', subject: asked.id, data }])
    })
    if (outcome.status === 'refused') throw new Problem(problems.presentation_refused, undefined, { extensions: { reason: outcome.reason } })
    return {}
  },
})

async function judge(node: Node, audience: string, asked: PresentationRow, sent: z.output<typeof input>, nowMs: number): Promise<Outcome> {
  const { primitives } = node.keys
  const refused = (reason: string): Outcome => ({ status: 'refused', reason, issuer: null, shown: null })
  if (!primitives.equal(utf8(sent.state), utf8(asked.state))) return refused('state_mismatch')
  if (sent.error !== undefined) return { status: 'declined', reason: null, issuer: null, shown: null }
  const presentation = presentationOf(sent.vp_token ?? '')
  if (presentation === undefined) return refused('answer_malformed')
  const verified = await verifyPresentation(
    presentation,
    { now: Math.floor(nowMs / 1000), audience, nonce: asked.nonce, vcts: [asked.vct], claims: asked.claims, ageMax: bindingAgeSeconds },
    {
      primitives,
      verify: verifyJws,
      issuerKey: async (issuer, keyId) => (asked.issuers.includes(issuer) ? issuerKey(node, issuer, keyId) : undefined),
      isRevoked: (issuer, status) => isRevoked(node, issuer, status),
    },
  )
  if (verified.outcome === 'refused') return refused(verified.reason)
  // What is shown beyond the question is not kept.
  const shown = Object.fromEntries(asked.claims.map((name) => [name, verified.claims[name]]))
  return { status: 'proven', reason: null, issuer: verified.issuer, shown }
}
