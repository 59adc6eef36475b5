import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { limits } from '../schema.ts'
import { serve } from './client.ts'
import { ask, paths } from './provider.ts'
import { refusedBy } from './refused.ts'

const parameter = z.string().max(limits.parameterCharacters)

export const token = operation({
  name: 'applications.token',
  summary: 'Get tokens as an application',
  description:
    'RFC 6749 with PKCE (RFC 7636, S256 only), resource indicators (RFC 8707) and DPoP (RFC 9449). Access tokens are JWTs (RFC 9068) for one audience and five minutes. A refresh token serves once: its second use, like that of a code, ends the connection with all its tokens.',
  // A parameter that is not known is passed over (RFC 6749 section 3.2).
  input: z.object({
    grant_type: parameter.default(''),
    client_id: parameter.optional(),
    client_secret: parameter.optional(),
    code: parameter.optional(),
    redirect_uri: parameter.optional(),
    code_verifier: parameter.optional(),
    refresh_token: parameter.optional(),
    scope: parameter.optional(),
    resource: parameter.optional(),
  }),
  output: z.strictObject({
    access_token: z.string(),
    token_type: z.enum(['Bearer', 'DPoP']),
    expires_in: z.int(),
    scope: z.string().optional(),
    refresh_token: z.string().optional(),
    id_token: z.string().optional(),
  }),
  access: { public: 'An application proves itself by its secret, or by the code that only it can redeem.' },
  audit: ({ grant_type }, { scope, token_type }) => ({
    details: { grant: grant_type.slice(0, 60), scope: (scope ?? '').slice(0, 200), proven: token_type === 'DPoP' },
  }),
  secretOutput: true,
  http: { method: 'POST', path: paths.token, form: true, speaks: 'oauth' },
  problems: [
    problems.invalid_client,
    problems.invalid_grant,
    problems.invalid_request,
    problems.invalid_scope,
    problems.invalid_target,
    problems.invalid_dpop_proof,
    problems.unauthorized_client,
    problems.unsupported_grant_type,
  ],
  async run(ctx, form) {
    const act = await serve(ctx, form.client_id)
    if (act === undefined) return refuse(problems.invalid_client)
    const { authorization, dpop } = ctx.knock
    const told = await ask(act, { path: paths.token, form: sent(form), authorization, proof: dpop?.proof })
    return told.status === 200 ? (told.body as never) : refusedBy(told)
  },
})

/** What of a form was there at all. */
export function sent(form: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(form).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
