/** What a session that has just begun still owes: one place decides it for every way of signing in. */
import { Problem } from '@gatehouse/core/problem'
import { parseToken, tokenHash } from '@gatehouse/crypto/token'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import type { BegunSession } from './begin-session.ts'
import { agentOf, placeOf } from './factors/place.ts'
import { mustHaveFactor, weakerWays } from './factors/required.ts'
import { factorsOf, useDevice } from './factors/store.ts'
import { problems } from './problems.ts'
import { domainOf } from './providers/said.ts'
import { requiresProvider } from './providers/store.ts'
import type { SignedIn } from './schema.ts'
import { markSession } from './sessions/store.ts'
import type { UserRow } from './store.ts'
import { signedIn } from './user.ts'

/**
 * How somebody came in. `password` and an institution's `provider` owe a factor where there is one or must be one; a `passkey` is as
 * good as two, and so is a provider whose word for a second factor the institution takes, for whoever has none here.
 */
export type CameBy = 'password' | 'passkey' | 'provider' | 'provider_and_factor'

type Settling = Pick<TransactionContext, 'tx' | 'node' | 'now' | 'knock'>

/**
 * After `actAs`: in the transaction of the user's institution.
 * @throws Problem where people of this address sign in by their institution's provider alone
 */
export async function settle(ctx: Settling, user: UserRow, session: BegunSession, by: CameBy): Promise<SignedIn> {
  const elsewhere = by === 'provider' || by === 'provider_and_factor'
  if (!elsewhere && (await requiresProvider(ctx.tx, user.tenant_id, domainOf(user.email)))) throw new Problem(problems.sso_required)
  const { awaits, proven } = by === 'passkey' ? ({ awaits: null, proven: true } as const) : await afterFirst(ctx, user, by === 'provider_and_factor')
  await markSession(ctx.tx, user.tenant_id, session.id, { awaits, proven_at: proven ? ctx.now : null, agent: agentOf(ctx.knock) })
  return signedIn(user, session, awaits)
}

/** @param second whether a second factor was proven elsewhere; for whoever has one here that is no reason not to ask */
async function afterFirst(ctx: Settling, user: UserRow, second: boolean): Promise<{ readonly awaits: SignedIn['awaits']; readonly proven: boolean }> {
  const factors = await factorsOf(ctx.tx, user.tenant_id, user.id)
  if (factors.length === 0) {
    if (second || !(await mustHaveFactor(ctx, user))) return { awaits: null, proven: true }
    const { mail, phone } = await weakerWays(ctx, user, factors)
    if (!mail && phone === undefined) return { awaits: 'enrolment', proven: false }
  }
  // A remembered browser lets in and proves nothing: dangerous acts still ask.
  return { awaits: (await isRemembered(ctx, user)) ? null : 'factor', proven: false }
}

async function isRemembered(ctx: Settling, user: UserRow): Promise<boolean> {
  const token = ctx.knock.deviceToken === undefined ? undefined : parseToken(ctx.knock.deviceToken, 'ghd_')
  if (token === undefined) return false
  return useDevice(ctx.tx, user.tenant_id, user.id, tokenHash(ctx.node.keys.primitives, token), await placeOf(ctx.node, ctx.knock), ctx.now)
}
