/** What a session that has just begun still owes: one place decides it for every way of signing in. */
import { parseToken, tokenHash } from '@gatehouse/crypto/token'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import type { BegunSession } from './begin-session.ts'
import { agentOf, placeOf } from './factors/place.ts'
import { mailSuffices, mustHaveFactor } from './factors/required.ts'
import { factorsOf, useDevice } from './factors/store.ts'
import type { SignedIn } from './schema.ts'
import { markSession } from './sessions/store.ts'
import type { UserRow } from './store.ts'
import { signedIn } from './user.ts'

/** How somebody came in: `password` alone owes a factor where there is one or must be one; the others are as good as two. */
export type CameBy = 'password' | 'passkey' | 'directory'

/** After `actAs`: in the transaction of the user's institution. */
export async function settle(ctx: TransactionContext, user: UserRow, session: BegunSession, by: CameBy): Promise<SignedIn> {
  const { awaits, proven } = by === 'password' ? await afterPassword(ctx, user) : ({ awaits: null, proven: true } as const)
  await markSession(ctx.tx, user.tenant_id, session.id, { awaits, proven_at: proven ? ctx.now : null, agent: agentOf(ctx.knock) })
  return signedIn(user, session, awaits)
}

async function afterPassword(ctx: TransactionContext, user: UserRow): Promise<{ readonly awaits: SignedIn['awaits']; readonly proven: boolean }> {
  const factors = await factorsOf(ctx.tx, user.tenant_id, user.id)
  if (factors.length === 0) {
    if (!(await mustHaveFactor(ctx, user))) return { awaits: null, proven: true }
    if (!(await mailSuffices(ctx, user, factors))) return { awaits: 'enrolment', proven: false }
  }
  // A remembered browser lets in and proves nothing: dangerous acts still ask.
  return { awaits: (await isRemembered(ctx, user)) ? null : 'factor', proven: false }
}

async function isRemembered(ctx: TransactionContext, user: UserRow): Promise<boolean> {
  const token = ctx.knock.deviceToken === undefined ? undefined : parseToken(ctx.knock.deviceToken, 'ghd_')
  if (token === undefined) return false
  return useDevice(ctx.tx, user.tenant_id, user.id, tokenHash(ctx.node.keys.primitives, token), await placeOf(ctx.node, ctx.knock), ctx.now)
}
