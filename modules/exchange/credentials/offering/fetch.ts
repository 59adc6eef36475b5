/**
 * A wallet comes for what it was offered. Its token counts once; its key is proven; then everything that permitted the offer is
 * asked again, the one field is opened, and the claim follows from it. The entry commits before the credential leaves.
 */
import { addSeconds, instantMs } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema, slugSchema } from '@gatehouse/core/schema'
import { type Claim, derive } from '@gatehouse/credentials/claims/derive'
import { holderOf } from '@gatehouse/credentials/issuance/holder-proof'
import { issueCredential } from '@gatehouse/credentials/sd-jwt/issue'
import type { Jwk } from '@gatehouse/credentials/sd-jwt/jws'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { parseToken, tokenHash } from '@gatehouse/crypto/token'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { subjectById } from '../../../subjects/index.ts'
import { decideForHolder, groundsOf, type HolderDecision, openForHolder } from '../../release/index.ts'
import { institutionOf, listAddress, signingKey, vctOf } from '../institution.ts'
import { problems } from '../problems.ts'
import { proofAgeSeconds } from '../schema.ts'
import { offerLife } from '../states.ts'
import { drawPlace } from '../status/draw-place.ts'
import { insertCredential, lockOfferByToken, moveOffer, type Offer, withType } from '../store.ts'
import { verifyJws } from '../verify-jws.ts'
import { nonceHolds, nonceKey } from './nonce.ts'
import { wishOf } from './wish.ts'

const sentMax = 16_384

export const fetchCredential = operation({
  name: 'credentials.fetch',
  summary: 'Fetch the credential that was offered',
  description: 'OpenID4VCI 1.0 section 8: the access token in `Authorization: Bearer`, and one proof of the key that the credential will be bound to.',
  input: z.object({
    tenant: idSchema('tenant'),
    credential_configuration_id: slugSchema,
    proofs: z.object({ jwt: z.array(z.string().max(sentMax)).length(1) }),
  }),
  output: z.strictObject({ credentials: z.array(z.strictObject({ credential: z.string() })) }),
  access: { public: 'the access token says for whom the wallet comes, and is checked here' },
  audit: () => ({}),
  secretOutput: true,
  http: { method: 'POST', path: '/institutions/:tenant/credential', speaks: 'oauth' },
  example: {
    input: {
      tenant: '01980000-0000-7000-8000-000000000001',
      credential_configuration_id: 'of_age',
      proofs: { jwt: ['eyJ0eXAiOiJvcGVuaWQ0dmNpLXByb29mK2p3dCJ9.e30.AA'] },
    },
  },
  problems: [
    problems.invalid_token,
    problems.unknown_credential_configuration,
    problems.invalid_proof,
    problems.invalid_nonce,
    problems.credential_request_denied,
  ],
  async run(ctx, { tenant, credential_configuration_id, proofs }) {
    const { tx, node, now, nowMs } = ctx
    const { primitives } = node.keys
    const [, presented = ''] = /^bearer +(\S+)$/i.exec(ctx.knock.authorization ?? '') ?? []
    const token = parseToken(presented, 'ghw_')
    const found = token === undefined ? undefined : await lockOfferByToken(tx, tenant, tokenHash(primitives, token))
    if (found === undefined) throw new Problem(problems.invalid_token)

    await ctx.actAs(systemPrincipal(tenant, 'wallet'))
    const offer = await withType(tx, found)
    const object = { kind: 'offer', id: offer.id }
    const next = offerLife.next(offer.state, 'fetch')
    if (next === undefined) return refuse(problems.invalid_token, undefined, { object, details: { reasons: [offer.state] } })
    if (offer.expires_at <= now) return refuse(problems.invalid_token, undefined, { object, details: { reasons: ['expired'] } })
    if (credential_configuration_id !== offer.type.slug) return refuse(problems.unknown_credential_configuration, undefined, { object })
    const [jwt = ''] = proofs.jwt
    const key = await nonceKey(node, tenant)
    const expected = {
      now: Math.floor(nowMs / 1000),
      audience: institutionOf(node, tenant).base,
      ageMax: proofAgeSeconds,
      nonceHolds: (text: string) => nonceHolds(primitives, key, text, nowMs),
    }
    const holder = holderOf(jwt, expected, verifyJws)
    if (holder.outcome === 'refused') return refuse(problems[holder.reason], undefined, { object })

    const decided = await decideForHolder(ctx, subjectById(tx, offer.subject_id), wishOf(offer.type))
    const burned = async (reasons: readonly string[]) => {
      await moveOffer(tx, offer, { state: offerLife.next(offer.state, 'refuse') ?? offer.state })
      return refuse(problems.credential_request_denied, undefined, { ...decided.about, object, details: { type: offer.type.slug, reasons } })
    }
    if (offer.type.retired_at !== null) return burned(['type_retired'])
    if (decided.outcome === 'denied') return burned(decided.reasons)
    const claim = await claimOf(ctx, offer, decided)
    if (claim.outcome === 'none') return burned([claim.reason])
    await moveOffer(tx, offer, { state: next })
    const { id, credential } = await issued(ctx, offer, holder.key, claim.value)
    ctx.describe({
      ...decided.about,
      decision: 'permit',
      object: { kind: 'credential', id },
      details: {
        type: offer.type.slug,
        ...groundsOf(decided.plan),
        credential_digest: toHex(primitives.sha256(utf8(credential.split('~')[0] ?? ''))),
        ...(claim.block === undefined ? {} : { block: claim.block }),
      },
    })
    ctx.publish({ type: 'credentials.issued', subject: id, data: { credential: id, type: offer.type.slug } })
    return { credentials: [{ credential }] }
  },
})

type Derived = { readonly outcome: 'claim'; readonly value: Claim; readonly block?: string } | { readonly outcome: 'none'; readonly reason: string }

/** Only the claim goes on from here: the record stays in this function. */
async function claimOf(ctx: TransactionContext, { type: { rule } }: Offer, { subject, plan }: HolderDecision & { outcome: 'planned' }): Promise<Derived> {
  if (rule.how === 'fixed') return { outcome: 'claim', value: rule.value }
  const opened = await openForHolder(ctx, subject.id, plan)
  if (opened.outcome !== 'opened') return { outcome: 'none', reason: `record_${opened.outcome}` }
  const { field, ...how } = rule
  const value = derive({ from: field, ...how }, opened.record, ctx.now.slice(0, 10))
  return value === undefined ? { outcome: 'none', reason: 'claim_not_available' } : { outcome: 'claim', value, block: opened.block }
}

async function issued(ctx: TransactionContext, { type, subject_id }: Offer, holder: Jwk, value: Claim) {
  const { tx, node, tenant, now } = ctx
  const { base, did } = institutionOf(node, tenant)
  const id = ctx.newId<'credential'>()
  const place = await drawPlace(ctx)
  const expires = addSeconds(now, type.life_days * 86_400)
  await insertCredential(tx, { subject_id, id, type_id: type.id, ...place, issued_at: now, expires_at: expires })
  const key = await signingKey(tx, node, tenant)
  const credential = await issueCredential(node.keys.primitives, key, {
    issuer: did,
    keyId: key.id,
    vct: vctOf(base, type.slug),
    holder,
    issuedAt: Math.floor(instantMs(now) / 1000),
    expiresAt: Math.floor(instantMs(expires) / 1000),
    status: { uri: listAddress(base, place.list), index: place.place },
    claims: { [type.claim]: value },
  })
  return { id, credential }
}
