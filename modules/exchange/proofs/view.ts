import { membersMin } from '@gatehouse/credentials/zero-knowledge/statement'
import { toHex } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { z } from 'zod'
import type { proofView, publicationView } from './schema.ts'
import { type ProofRow, type PublicationRow, setCounts } from './store.ts'

/** The size of a small set is not told: it would say how few people it is. */
export async function setViews(tx: Tx, { id, entry_id, published_at }: PublicationRow): Promise<z.output<typeof publicationView>> {
  const sets = await setCounts(tx, id)
  return {
    id,
    entry: entry_id,
    published_at,
    sets: sets.map(({ grantee, scope, expiry, members }) => {
      const provable = members >= membersMin
      return { grantee, scope, expiry, members: provable ? members : null, provable }
    }),
  }
}

export function proofViewOf(row: ProofRow): z.output<typeof proofView> {
  const { id, system, grantee, scope, expiry, verifier, made_at } = row
  return {
    id,
    system,
    grantee,
    scope,
    expiry,
    verifier,
    request_hash: toHex(row.request_hash),
    nullifier: toHex(row.nullifier),
    time: row.proven_for,
    made_at,
    batched: row.batch_id !== null,
  }
}
