import type { Id } from '@gatehouse/core/id'
import { instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { userSchema } from './schema.ts'
import { sessionById, userById } from './store.ts'
import { userOf } from './user.ts'

export const readSession = operation({
  name: 'identity.session',
  summary: 'Who is asking',
  description: 'For a person also name, address and the end of the session; for a key only what it stands for.',
  input: z.strictObject({}),
  output: z.strictObject({
    kind: z.enum(['user', 'partner', 'system', 'anonymous']),
    id: z.string(),
    tenant: z.string(),
    roles: z.array(z.string()),
    user: userSchema.nullable(),
    expires_at: instantSchema.nullable(),
  }),
  access: { action: 'read', on: (_input, principal) => ({ type: 'session', owner: principal.id }) },
  audit: { none: 'It tells callers only about themselves.' },
  http: { method: 'GET', path: '/v1/auth/session' },
  example: { input: {} },
  async run({ tx, tenant, principal }) {
    const [user, session] = await Promise.all([
      principal.kind === 'user' ? userById(tx, tenant, principal.id as Id<'user'>) : undefined,
      principal.session === undefined ? undefined : sessionById(tx, tenant, principal.session as Id<'session'>),
    ])
    return {
      kind: principal.kind,
      id: principal.id,
      tenant,
      roles: [...principal.roles],
      user: user === undefined ? null : userOf(user),
      expires_at: session?.expires_at ?? null,
    }
  },
})
