import { instantOf } from '@gatehouse/core/instant'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { insertArtifact } from '../store.ts'
import { verifyOwn } from '../tokens/own.ts'
import { artifactHash } from './adapter.ts'
import { serve } from './client.ts'
import { placeholder, tokenInput } from './introspect.ts'
import { ask, paths } from './provider.ts'
import { refusedBy } from './refused.ts'
import { sent } from './token.ts'

export const revoke = operation({
  name: 'applications.revoke',
  summary: 'Revoke one’s own token',
  description:
    'RFC 7009. A refresh token takes its connection along; an access token ends alone, within a second. A token that is not one’s own gets the same answer and stays.',
  input: tokenInput,
  output: z.strictObject({}),
  access: { public: 'An application proves itself by its secret.' },
  audit: () => ({}),
  http: { method: 'POST', path: paths.revocation, form: true, speaks: 'oauth' },
  problems: [problems.invalid_client, problems.invalid_request, problems.unsupported_token_type],
  async run(ctx, form) {
    const act = await serve(ctx, form.client_id)
    if (act === undefined) return refuse(problems.invalid_client)
    const jwt = form.token.includes('.')
    const { authorization } = ctx.knock
    const told = await ask(act, { path: paths.revocation, form: { ...sent(form), ...(jwt ? { token: placeholder } : {}) }, authorization })
    if (told.status !== 200) return refusedBy(told)
    const own = jwt ? await verifyOwn(ctx, form.token) : undefined
    if (own?.client_id === act.application.id) {
      const expiresAt = instantOf(own.exp * 1000)
      await insertArtifact(ctx.tx, ctx.tenant, 'revoked', artifactHash(ctx, 'revoked', own.jti), { connection: null, payload: {}, expiresAt })
    }
    return {}
  },
})
