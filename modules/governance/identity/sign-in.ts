import { instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { anonymous, nodeTenant } from '@gatehouse/runtime/base/context'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { addressDigest } from './address.ts'
import { afterFailure, isLocked, noAttempts } from './attempts.ts'
import { type BySecret, credentialsOf } from './credentials.ts'
import { stoppedAtEntrance } from './entrance.ts'
import { guessable } from './password.ts'
import { problems } from './problems.ts'
import { signedInSchema, signInInput } from './schema.ts'
import { settle } from './settle.ts'
import { stands } from './standing.ts'
import { keepAttempts, lockAttempts, type UserRow, usersWithEmail } from './store.ts'
import { principalOf, signedInFacts } from './user.ts'

export const signIn = operation({
  name: 'identity.sign_in',
  summary: 'Sign in with e-mail address and password',
  description: 'A wrong password, an unknown address and too many attempts get the same answer after the same time.',
  input: signInInput,
  output: signedInSchema,
  access: { public: 'Whoever signs in is not yet anybody.' },
  audit: (_input, output) => signedInFacts(output),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/sign-in' },
  example: { input: { email: 'ada@example.org', password: 'four quiet otters read' } },
  problems: Object.values(problems),
  async run(ctx, { email, password }) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const digest = await addressDigest(ctx.node, email)
    const attempts = await lockAttempts(ctx.tx, nodeTenant, digest, ctx.now)
    const locked = isLocked(attempts, ctx.nowMs)
    const users = await usersWithEmail(ctx.tx, email)

    const found = await verified(ctx, locked ? [] : users, email, password)
    if (found !== undefined) {
      await keepAttempts(ctx.tx, nodeTenant, digest, noAttempts.failures, ctx.now, ctx.now)
      await ctx.actAs(principalOf(found.user.tenant_id, found.user.id, found.user, { session: found.session.id }))
      // Thrown, so that the session which has just begun is gone with it.
      if (!(await stands(ctx.tx, found.user, ctx.now))) throw new Problem(problems.account_closed)
      if (found.session.migrated) await migrated(ctx, found.user, password)
      return settle(ctx, found.user, found.session, 'password')
    }
    const next = locked ? attempts : afterFailure(attempts, ctx.nowMs)
    if (!locked) await keepAttempts(ctx.tx, nodeTenant, digest, next.failures, ctx.now, instantOf(next.lockedUntilMs))
    // The institution learns that somebody tried, in its own log; who it was stays unknown.
    const [concerned] = users
    if (concerned !== undefined) await ctx.actAs({ ...anonymous, tenant: concerned.tenant_id })
    return refuse(problems.sign_in_refused, undefined, {
      ...(concerned === undefined ? {} : { object: { kind: 'user', id: concerned.id } }),
      details: { reason: locked ? 'locked' : 'refused', failures: next.failures },
    })
  },
})

/** @throws Problem where the password that was carried over is one that nobody may set today: to be rid of it takes the mailbox, not the password */
async function migrated(ctx: TransactionContext, { id, email, name }: UserRow, password: string): Promise<void> {
  if (guessable(password, [email, name]) !== undefined) throw new Problem(problems.password_outdated)
  await ctx.record(ctx.tx, 'identity.password_migrated', { object: { kind: 'user', id } })
}

/** The first of the users whose password this is. Where there is no user the same work is done for nobody. */
async function verified(
  ctx: TransactionContext,
  users: readonly UserRow[],
  email: string,
  password: string,
): Promise<{ readonly user: UserRow; readonly session: BySecret } | undefined> {
  const credentials = ctx.node.of(credentialsOf)
  if (users.length === 0) await credentials.signIn({ ...within(ctx), tenant: nodeTenant }, email, password)
  for (const user of users) {
    const session = await credentials.signIn({ ...within(ctx), tenant: user.tenant_id }, email, password)
    if (session !== undefined) return { user, session }
  }
  return undefined
}

function within(ctx: TransactionContext) {
  return { tx: ctx.tx, now: ctx.now, newId: ctx.newId }
}
