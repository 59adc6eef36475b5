import { instantOf } from '@gatehouse/core/instant'
import { lengthPrefixed } from '@gatehouse/crypto/bytes'
import { anonymous, nodeTenant } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { rememberProof } from '../../store.ts'
import { AnswerError } from '../protocol.ts'
import { redirectUri } from '../provider.ts'
import { providerId, providerLimits } from '../schema.ts'
import { anyProvider } from '../store.ts'
import { hold } from './held.ts'
import { type Assertion, judgeAssertion, judgeResponse } from './judge.ts'
import { placesOf } from './places.ts'
import { ownKey, type SamlProvider, samlProvider } from './service-provider.ts'
import { samlLimits, standing } from './settings.ts'
import { verified } from './verify.ts'

export const takeSamlResponse = operation({
  name: 'identity.take_saml_response',
  kind: 'steps',
  summary: 'Take the response of a SAML identity provider (assertion consumer service)',
  description:
    'The provider’s page posts it from another site, so it is taken without any cookie and signs in nobody: what it says is verified and kept, and the browser is led to the node’s own page, which hands the handle in as the browser that asked. A response to no request is refused.',
  input: z.object({
    provider: providerId,
    SAMLResponse: z.string().min(1).max(samlLimits.responseCharacters),
    /** What the request was sent with. It is compared, and leads nowhere. */
    RelayState: z.string().max(200).default(''),
  }),
  output: z.strictObject({ location: z.string() }),
  access: { public: 'The provider’s signature is checked; whoever posts it is nobody yet.' },
  audit: ({ provider }) => ({ object: { kind: 'identity_provider', id: provider } }),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/saml/:provider/acs', form: true, leads: true, status: 303 },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001', SAMLResponse: 'PHNhbWxwOlJlc3BvbnNlIC…', RelayState: '…' } },
  problems: [doorProblems.not_found],
  async run(ctx, { provider: id, SAMLResponse: response, RelayState: state }) {
    const { node } = ctx
    const row = await node.database.transaction('node', (tx) => anyProvider(tx, id))
    if (row === undefined || row.saml === null) return refuse(doorProblems.not_found)
    const provider = samlProvider(row)
    await ctx.actAs({ ...anonymous, tenant: provider.tenant_id })
    const led = (given: Record<string, string>) => ({ location: `${redirectUri(node, id)}?${new URLSearchParams({ state, ...given })}` })
    try {
      const assertion = await asserted(node, provider, response)
      if (!(await once(node, provider, assertion))) throw new AnswerError('replayed')
      return led({ answer: await hold(node, provider, assertion) })
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error
      // The page that the browser is led to says so in words; the reason stands here.
      ctx.describe({ decision: 'deny', details: { reason: error.code } })
      return led({ error: error.code === 'declined' ? 'access_denied' : 'invalid_response' })
    }
  },
})

/** @throws AnswerError */
async function asserted(node: Node, provider: SamlProvider, text: string): Promise<Assertion> {
  const nowMs = node.source.nowMs()
  const { certificates, signed } = provider.saml
  const { response, assertion } = await verified(text, { certificates: standing(certificates, nowMs), signed, key: await ownKey(node, provider) })
  const { entity_id: audience, acs_uri: recipient } = placesOf(node, provider.id)
  const expected = { issuer: provider.issuer, audience, recipient, nowMs }
  judgeResponse(response, expected)
  return judgeAssertion(assertion, response, expected)
}

/** An assertion is as old as a request may be, at most, and is remembered that long. */
function once(node: Node, provider: SamlProvider, { id }: Assertion): Promise<boolean> {
  const digest = node.keys.primitives.sha256(lengthPrefixed(['gatehouse/identity/assertion/v1', provider.id, id]))
  const until = instantOf(node.source.nowMs() + providerLimits.awayMinutes * 60_000 + 2 * samlLimits.skewSeconds * 1000)
  return node.database.transaction('node', (tx) => rememberProof(tx, nodeTenant, digest, until))
}
