import { anonymous } from '@gatehouse/runtime/base/context'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { endNamed } from '../end-named.ts'
import { AnswerError } from '../protocol.ts'
import { signedOutUri } from '../provider.ts'
import { providerId } from '../schema.ts'
import { anyProvider } from '../store.ts'
import { answerUrl, leavingBy } from './leave.ts'
import { samlProvider } from './service-provider.ts'
import { samlLimits } from './settings.ts'

const path = '/v1/auth/saml/:provider/logout'
const output = z.strictObject({ location: z.string() })

export const takeSamlLogout = operation({
  name: 'identity.take_saml_logout',
  kind: 'steps',
  summary: 'Take the word of a SAML provider that somebody has signed out (single logout service)',
  description:
    'A request, signed by the provider, ends the sessions that began there of the person or the sessions that it names, whichever browser brings it; the browser is led back with a signed response. A response to a request of this node’s changes nothing any more.',
  input: z.object({
    provider: providerId,
    SAMLRequest: z.string().min(1).max(samlLimits.responseCharacters).optional(),
    SAMLResponse: z.string().min(1).max(samlLimits.responseCharacters).optional(),
    RelayState: z.string().max(200).default(''),
  }),
  output,
  access: { public: 'The provider’s signature is checked.' },
  audit: ({ provider }) => ({ object: { kind: 'identity_provider', id: provider } }),
  http: { method: 'POST', path, form: true, leads: true, status: 303 },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001', SAMLRequest: 'PHNhbWxwOkxvZ291dFJlcXVlc3Qg…' } },
  problems: [doorProblems.not_found],
  async run(ctx, { provider: id, SAMLRequest: request, RelayState: state }) {
    const { node } = ctx
    const row = await node.database.transaction('node', (tx) => anyProvider(tx, id))
    if (row === undefined || row.saml === null) return refuse(doorProblems.not_found)
    await ctx.actAs({ ...anonymous, tenant: row.tenant_id })
    const home = signedOutUri(node)
    if (request === undefined) return { location: home }
    const provider = samlProvider(row)
    try {
      const leaving = await leavingBy(node, provider, request)
      ctx.describe({ details: { sessions_ended: await endNamed(node, provider, leaving) } })
      return { location: (await answerUrl(node, provider, leaving.once, state, true)) ?? home }
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error
      ctx.describe({ decision: 'deny', details: { reason: error.code } })
      return { location: home }
    }
  },
})

/** Some providers answer by redirect, whatever the metadata asks for. */
export const samlSignedOut = operation({
  name: 'identity.saml_signed_out',
  kind: 'steps',
  summary: 'Come back from signing out at a SAML provider',
  description: 'The session here has ended before. What the provider says is not looked at.',
  input: z.object({ provider: providerId }),
  output,
  access: { public: 'It leads to the page to sign in, and does nothing else.' },
  audit: { none: 'It does nothing.' },
  http: { method: 'GET', path, leads: true, status: 303 },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001' } },
  run: async ({ node }) => ({ location: signedOutUri(node) }),
})
