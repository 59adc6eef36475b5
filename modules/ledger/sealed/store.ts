/** A log as it is looked at before its institution is erased. */
import { toBase64 } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import { readHead } from '../store.ts'

/** Whether the institution ever did anything here. */
export async function isKnownLog(tx: Tx): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM ledger.entry WHERE tenant_id = $1 LIMIT 1', [tx.tenant])).length > 0
}

/** What the log's newest checkpoint says, the root in base64; and whether entries still wait for their place. */
export async function sealedHead(tx: Tx): Promise<{ readonly size: number; readonly root: string; readonly waiting: boolean }> {
  const [head, waiting] = await Promise.all([readHead(tx), tx.query('SELECT 1 FROM ledger.pending WHERE tenant_id = $1 LIMIT 1', [tx.tenant])])
  return { size: head?.size ?? 0, root: head === undefined ? '' : toBase64(head.root), waiting: waiting.length > 0 }
}
