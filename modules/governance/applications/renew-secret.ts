import { idSchema } from '@gatehouse/core/schema'
import { issueToken } from '@gatehouse/crypto/token'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { applicationFacts, applicationOf } from './application.ts'
import { heldApplication, ownApplication } from './own.ts'
import { problems } from './problems.ts'
import { withSecret } from './schema.ts'
import { updateApplication } from './store.ts'

export const renewSecret = operation({
  name: 'applications.renew_secret',
  summary: 'Give an application a new secret',
  description: 'It is shown once, and the one before ends at once. Tokens that were made with it hold until their end.',
  input: z.strictObject({ application: idSchema('application') }),
  output: withSecret,
  access: { action: 'update', on: ownApplication },
  audit: (_input, { application }) => applicationFacts(application),
  secretOutput: true,
  stepUp: true,
  http: { method: 'POST', path: '/v1/applications/:application/secret' },
  example: { input: { application: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found, problems.secret_needless],
  async run(ctx, { application }) {
    const row = await heldApplication(ctx, application, 'update')
    if (row.secret_hash === null || row.state === 'retired') return refuse(problems.secret_needless)
    const { token, hash } = issueToken(ctx.node.keys.primitives, 'gha_')
    const next = { ...row, secret_hash: hash, updated_at: ctx.now }
    await updateApplication(ctx.tx, next)
    return { application: applicationOf(next), secret: token }
  },
})
