import { addSeconds } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { issueToken, parseToken, tokenHash } from '@gatehouse/crypto/token'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { tokenSeconds, triesMax } from '../schema.ts'
import { offerLife } from '../states.ts'
import { lockOfferByCode, moveOffer } from '../store.ts'
import { preAuthorised } from './offer.ts'
import { txCodeHash } from './tx-code.ts'

export const token = operation({
  name: 'credentials.token',
  summary: 'Redeem the code of an offer for an access token',
  description: 'OpenID4VCI 1.0 section 6, pre-authorised code flow. All refusals of a code look alike; the ledger knows why.',
  input: z.object({
    tenant: idSchema('tenant'),
    grant_type: z.string().max(200),
    'pre-authorized_code': z.string().max(200).default(''),
    tx_code: z.string().max(20).default(''),
  }),
  output: z.strictObject({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.number().int() }),
  access: { public: 'the code of the offer says for whom the wallet comes, and is checked here with its transaction code' },
  audit: () => ({}),
  secretOutput: true,
  http: { method: 'POST', path: '/institutions/:tenant/token', form: true, speaks: 'oauth' },
  problems: [problems.invalid_grant, problems.unsupported_grant_type],
  async run(ctx, { tenant, grant_type, 'pre-authorized_code': presented, tx_code }) {
    const { tx, now } = ctx
    const { primitives } = ctx.node.keys
    if (grant_type !== preAuthorised) throw new Problem(problems.unsupported_grant_type)
    const code = parseToken(presented, 'gho_')
    const offer = code === undefined ? undefined : await lockOfferByCode(tx, tenant, tokenHash(primitives, code))
    if (code === undefined || offer === undefined) throw new Problem(problems.invalid_grant)

    await ctx.actAs(systemPrincipal(tenant, 'wallet'))
    const object = { kind: 'offer', id: offer.id }
    const refused = (reason: string) => refuse(problems.invalid_grant, undefined, { object, details: { reasons: [reason] } })
    const next = offerLife.next(offer.state, 'redeem')
    if (next === undefined) return refused(offer.state)
    if (offer.expires_at <= now) return refused('expired')
    if (!primitives.equal(txCodeHash(primitives, code, tx_code), offer.tx_code_hash)) {
      const tries = offer.tries + 1
      await moveOffer(tx, offer, { state: tries < triesMax ? offer.state : (offerLife.next(offer.state, 'guess') ?? offer.state), tries })
      return refused('tx_code')
    }
    const issued = issueToken(primitives, 'ghw_')
    await moveOffer(tx, offer, { state: next, token: { hash: issued.hash, expiresAt: addSeconds(now, tokenSeconds) } })
    ctx.describe({ object })
    return { access_token: issued.token, token_type: 'Bearer' as const, expires_in: tokenSeconds }
  },
})
