import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext, Behalf, TransactionContext } from '@gatehouse/runtime/door/operation'
import type { NewEvent } from '@gatehouse/runtime/work/outbox'

/** Something is asked for in the name of whoever asked for the run, whose right to it was asked at each step until here. */
export function inPlaceOf(ctx: ActContext, tx: Tx, { principal }: Behalf, publish: (event: NewEvent) => void): TransactionContext {
  return Object.assign(Object.create(ctx) as TransactionContext, { tx, principal: { ...principal, tenant: ctx.tenant }, may: async () => true, publish })
}
