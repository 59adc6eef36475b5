/**
 * Passwords are better-auth's affair: it finds the credential, compares the argon2id hash, spends the same time on an address
 * nobody has, and begins the session. It is given no database and no routes. Its adapter knows the five statements that signing
 * in needs and runs them in the act's own transaction, so that a sign-in and its ledger entry stand or fall together; anything
 * else it might ask for is an error.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Id, IdKind } from '@gatehouse/core/id'
import { toBase64url } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'
import { createAdapterFactory } from 'better-auth/adapters'
import { isAPIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import { type Act, type BegunSession, beginSession } from './begin-session.ts'
import { argon2Hash } from './passwords/argon2.ts'
import { isLegacy, verifyStored } from './passwords/legacy.ts'
import { changePasswordRow } from './passwords/store.ts'
import { limits } from './schema.ts'
import { type AccountRow, accountsOf, insertAccount, userByEmail } from './store.ts'

export interface BySecret extends BegunSession {
  /** Whether the password was kept as an earlier system kept it, and is kept as argon2id from now on. */
  readonly migrated: boolean
}

export interface Credentials {
  /** @returns `undefined` for an unknown address as for a wrong password, after the same time */
  signIn(act: Act, email: string, password: string): Promise<BySecret | undefined>
  /** Gives a user who has none a password. */
  setPassword(act: Act, user: Id<'user'>, password: string): Promise<void>
  /** Another password for a user, in place of the one that there is; with none before, the first. */
  changePassword(act: Act, user: Id<'user'>, password: string): Promise<void>
  /** Whether it is the user's password now; takes the same time where the user has none. */
  isPassword(act: Act, user: Id<'user'>, password: string): Promise<boolean>
}

export function credentialsOf(node: Node): Credentials {
  const acts = new AsyncLocalStorage<Act & { begun?: BegunSession; legacy?: boolean }>()
  const { primitives } = node.keys

  function current() {
    const act = acts.getStore()
    if (act === undefined) throw new Error('credentials are used outside an act')
    return act
  }
  const unused = (what: string) => async (): Promise<never> => {
    throw new Error(`better-auth asked for ${what}, which this module does not offer`)
  }

  const database = createAdapterFactory({
    config: { adapterId: 'gatehouse', supportsJSON: true, supportsDates: true, supportsBooleans: true },
    adapter: () => ({
      async create({ model, data }) {
        const { tx, tenant, now } = current()
        if (model === 'account') await insertAccount(tx, tenant, data as unknown as AccountRow, now)
        else if (model === 'session') current().begun = await beginSession(node, current(), data.userId as Id<'user'>, data.id as Id<'session'>)
        else await unused(`a new ${model}`)()
        return data
      },
      async findOne({ model, where }) {
        const [only, ...more] = where
        if (model !== 'user' || only?.field !== 'email' || more.length > 0) return unused(`one ${model}`)()
        return ((await userByEmail(current().tx, current().tenant, String(only.value))) ?? null) as never
      },
      async findMany({ model, where }) {
        const [only, ...more] = where ?? []
        if (model !== 'account' || only?.field !== 'userId' || more.length > 0) return unused(`many of ${model}`)()
        return (await accountsOf(current().tx, current().tenant, String(only.value))) as never
      },
      update: unused('an update'),
      updateMany: unused('updates'),
      delete: unused('a deletion'),
      deleteMany: unused('deletions'),
      count: unused('a count'),
    }),
  })

  const auth = betterAuth({
    database,
    baseURL: node.addresses.origin,
    // It signs cookies that nobody is ever sent; a fresh one per process is worth as much as a kept one.
    secret: toBase64url(primitives.randomBytes(32)),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: limits.passwordCharactersMin,
      maxPasswordLength: limits.passwordCharactersMax,
      password: {
        hash: argon2Hash,
        async verify({ hash: stored, password }) {
          current().legacy = isLegacy(stored)
          return verifyStored(stored, password)
        },
      },
    },
    advanced: { database: { generateId: () => current().newId<IdKind>() } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })

  return {
    signIn: (act, email, password) =>
      acts.run({ ...inside(act) }, async () => {
        try {
          await auth.api.signInEmail({ body: { email, password } })
        } catch (error) {
          if (isAPIError(error) && error.statusCode === 401) return undefined
          throw error
        }
        const { begun, legacy: migrated = false } = current()
        if (begun === undefined) return undefined
        if (migrated) await changePasswordRow(act.tx, act.tenant, begun.userId, await argon2Hash(password), act.now)
        return { ...begun, migrated }
      }),
    setPassword: (act, user, password) =>
      acts.run(inside(act), async () => {
        const { internalAdapter, password: passwords } = await auth.$context
        await internalAdapter.createAccount({ userId: user, providerId: 'credential', accountId: user, password: await passwords.hash(password) })
      }),
    changePassword: (act, user, password) =>
      acts.run(inside(act), async () => {
        const { internalAdapter, password: passwords } = await auth.$context
        const hash = await passwords.hash(password)
        if (await changePasswordRow(act.tx, act.tenant, user, hash, act.now)) return
        await internalAdapter.createAccount({ userId: user, providerId: 'credential', accountId: user, password: hash })
      }),
    isPassword: (act, user, password) =>
      acts.run(inside(act), async () => {
        const { password: passwords } = await auth.$context
        const kept = (await accountsOf(act.tx, act.tenant, user)).find(({ providerId }) => providerId === 'credential')?.password
        if (kept === undefined || kept === null) {
          await passwords.hash(password)
          return false
        }
        return passwords.verify({ hash: kept, password })
      }),
  }
}

/** The context of an operation has getters on its prototype, so its members are taken by name. */
function inside(act: Act): Act {
  return { tx: act.tx, tenant: act.tenant, now: act.now, newId: act.newId }
}
