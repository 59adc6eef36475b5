import type { Id } from '@gatehouse/core/id'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import { actions, operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { type Bearer, bearerOf, rightsNow } from '../access/index.ts'
import { phoneShown } from './factors/phone.ts'
import { weakerWays } from './factors/required.ts'
import { factorsOf } from './factors/store.ts'
import { operatorId } from './operator.ts'
import { factorKinds, userSchema } from './schema.ts'
import { sessionById } from './sessions/store.ts'
import { userById } from './store.ts'
import { userOf } from './user.ts'

export const readSession = operation({
  name: 'identity.session',
  summary: 'Who is asking',
  description:
    'For somebody who signed in also name, address and the end of the session; for a key only what it stands for. `rights` says what would be let in, so that a page can hide the rest; with `own` only on what belongs to the caller.',
  input: z.strictObject({}),
  output: z.strictObject({
    /** `operator` is whoever can read the node's own files; `partner` and `system` are programs. */
    kind: z.enum(['staff', 'engineer', 'person', 'operator', 'partner', 'system']),
    id: z.string(),
    tenant: z.string(),
    /** The partner that an engineer works for. */
    partner: idSchema('partner').nullable(),
    roles: z.array(z.string()),
    rights: z.array(z.strictObject({ on: z.string(), may: z.array(z.enum(actions)), own: z.literal(true).optional() })),
    user: userSchema.nullable(),
    expires_at: instantSchema.nullable(),
    /** What is still owed before the session opens anything. */
    awaits: z.enum(['factor', 'enrolment']).nullable(),
    /** The kinds of factor that the caller has set up. */
    factors: z.array(z.enum(factorKinds)),
    /** Whether a code by mail is what proves, for want of something stronger. */
    mailed_code: z.boolean(),
    /** How the telephone ends to which a code goes that proves, for want of something stronger. */
    texted_code: z.string().nullable(),
  }),
  access: { action: 'read', on: (_input, principal) => ({ type: 'session', owner: principal.id }) },
  audit: { none: 'It tells callers only about themselves.' },
  http: { method: 'GET', path: '/v1/auth/session' },
  example: { input: {} },
  async run(ctx) {
    const { tx, tenant, principal, node } = ctx
    const [user, session, factors] = await Promise.all([
      principal.kind === 'user' ? userById(tx, tenant, principal.id as Id<'user'>) : undefined,
      principal.session === undefined ? undefined : sessionById(tx, tenant, principal.session as Id<'session'>),
      principal.session === undefined ? [] : factorsOf(tx, tenant, principal.id),
    ])
    const ways = user === undefined || session === undefined ? undefined : await weakerWays(ctx, user, factors)
    return {
      kind: kindOf(principal),
      id: principal.id,
      tenant,
      partner: principal.partner ?? null,
      roles: [...principal.roles],
      rights: (await rightsNow(ctx)).map((right) => ({ ...right, may: [...right.may] })),
      user: user === undefined ? null : userOf(user),
      expires_at: session?.expires_at ?? null,
      awaits: session?.awaits ?? null,
      factors: [...new Set(factors.map(({ kind }) => kind))],
      mailed_code: ways?.mail === true,
      texted_code: ways?.phone === undefined ? null : (await phoneShown(node, ways.phone)).ending,
    }
  },
})

function kindOf(principal: Principal): Bearer | 'operator' {
  if (principal.id === operatorId) return 'operator'
  const bearer = bearerOf(principal)
  if (bearer === undefined) throw new TypeError('somebody was let in who is nobody that the access table knows')
  return bearer
}
