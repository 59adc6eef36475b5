import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { limits } from '../schema.ts'
import { verifyOwn } from '../tokens/own.ts'
import { principalOf, saidBy } from '../tokens/principal.ts'
import { serve } from './client.ts'
import { ask, paths } from './provider.ts'
import { refusedBy } from './refused.ts'
import { sent } from './token.ts'

const parameter = z.string().max(limits.parameterCharacters)
export const tokenInput = z.object({
  token: z.string().max(limits.tokenCharacters).default(''),
  token_type_hint: parameter.optional(),
  client_id: parameter.optional(),
  client_secret: parameter.optional(),
})

/** In place of an access token, which the library does not look at: it judges who asks. */
export const placeholder = 'none'

export const introspect = operation({
  name: 'applications.introspect',
  summary: 'Ask whether one’s own token still holds',
  description: 'RFC 7662. An application is told of its own tokens; every other one is `active: false`, like one that never was.',
  input: tokenInput,
  output: z.object({
    active: z.boolean(),
    scope: z.string().optional(),
    client_id: z.string().optional(),
    sub: z.string().optional(),
    aud: z.unknown().optional(),
    iss: z.string().optional(),
    exp: z.int().optional(),
    iat: z.int().optional(),
    token_type: z.string().optional(),
    cnf: z.record(z.string(), z.string()).optional(),
  }),
  access: { public: 'An application proves itself by its secret.' },
  audit: (_input, { active }) => ({ details: { active } }),
  secretOutput: true,
  http: { method: 'POST', path: paths.introspection, form: true, speaks: 'oauth' },
  problems: [problems.invalid_client, problems.invalid_request],
  async run(ctx, form) {
    const act = await serve(ctx, form.client_id)
    if (act === undefined) return refuse(problems.invalid_client)
    const jwt = form.token.includes('.')
    const { authorization } = ctx.knock
    const told = await ask(act, { path: paths.introspection, form: { ...sent(form), ...(jwt ? { token: placeholder } : {}) }, authorization })
    if (told.status !== 200) return refusedBy(told)
    if (!jwt) return told.body as never
    const own = await verifyOwn(ctx, form.token)
    if (own === undefined || own.client_id !== act.application.id || (await principalOf(ctx.node, ctx.tx, saidBy(own))) === undefined) return { active: false }
    const { jti: _, connection: __, tenant: ___, ...facts } = own
    return { active: true, token_type: own.cnf === undefined ? 'Bearer' : 'DPoP', ...facts }
  },
})
