import { Problem } from '@gatehouse/core/problem'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Resource, TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type ApplicationRow, applicationById, lockApplication } from './store.ts'

/** Whose an application is towards whoever asks: engineers share their partner's, a developer has their own. */
export const ownerOf = ({ partner, id }: Principal): string => partner ?? id

/** Whoever has a right on own applications only is asked for theirs; which these are, the row says. */
export const ownApplication = (input: { readonly application?: string }, principal: Principal): Resource => ({
  type: 'application',
  owner: ownerOf(principal),
  ...(input.application === undefined ? {} : { id: input.application }),
})

type Act = Pick<TransactionContext, 'tx' | 'tenant' | 'principal' | 'may'>

/** Held until the act ends. @throws Problem `not_found`, also for one of somebody else's that one has no right on */
export async function heldApplication(ctx: Act, id: string, action: 'update' | 'delete' | 'publish'): Promise<ApplicationRow> {
  return visible(ctx, await lockApplication(ctx.tx, ctx.tenant, id), action)
}

export async function seenApplication(ctx: Act, id: string): Promise<ApplicationRow> {
  return visible(ctx, await applicationById(ctx.tx, ctx.tenant, id), 'read')
}

async function visible(ctx: Act, row: ApplicationRow | undefined, action: 'read' | 'update' | 'delete' | 'publish'): Promise<ApplicationRow> {
  if (row === undefined) throw new Problem(doorProblems.not_found)
  if (row.owner_id === ownerOf(ctx.principal) || (await ctx.may(action, { type: 'application', id: row.id }))) return row
  throw new Problem(doorProblems.not_found)
}
