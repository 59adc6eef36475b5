import { Problem } from '@gatehouse/core/problem'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { credentialsOf } from './credentials.ts'
import { problems } from './problems.ts'
import type { SignedIn } from './schema.ts'
import { settle } from './settle.ts'
import { stands } from './standing.ts'
import type { UserRow } from './store.ts'
import { principalOf } from './user.ts'

/** Gives a user the first password and signs in with it; from here on the act is the user's own. */
export async function enter(ctx: TransactionContext, user: UserRow, password: string): Promise<SignedIn> {
  const credentials = ctx.node.of(credentialsOf)
  const act = { tx: ctx.tx, tenant: user.tenant_id, now: ctx.now, newId: ctx.newId }
  await credentials.setPassword(act, user.id, password)
  const session = await credentials.signIn(act, user.email, password)
  if (session === undefined) throw new Error('a password that was just set does not sign in')
  await ctx.actAs(principalOf(user.tenant_id, user.id, user, { session: session.id }))
  if (!(await stands(ctx.tx, user, ctx.now))) throw new Problem(problems.account_closed)
  return settle(ctx, user, session, 'password')
}
