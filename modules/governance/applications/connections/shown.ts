import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { partnersNamed } from '../../partners/index.ts'
import type { ApplicationRow } from '../store.ts'

/** An application as the people are told of it. Who of the staff looks after one is nobody's business outside; a partner is. */
export async function applicationShown({ tx }: Pick<TransactionContext, 'tx'>, { id, name, purpose, owner_kind: kind, owner_id: owner }: ApplicationRow) {
  const partner = kind === 'partner' ? (await partnersNamed(tx, [owner])).get(owner) : undefined
  return { id, name, purpose, owner: partner?.name ?? null }
}
