import type { Id } from '@gatehouse/core/id'
import { isUuid } from '@gatehouse/core/id'
import type { Account } from 'oidc-provider'
import { actingUser } from '../../identity/index.ts'
import type { Serving } from './adapter.ts'

/** Whoever a token speaks of, as long as the account stands; what is told of them depends on the scopes that they allowed. */
export async function accountOf({ ctx: { tx, tenant, now } }: Pick<Serving, 'ctx'>, id: string): Promise<Account | undefined> {
  const user = isUuid(id) ? await actingUser(tx, tenant, id as Id<'user'>, now) : undefined
  return user && { accountId: id, claims: async () => ({ sub: id, name: user.name, email: user.email }) }
}
