/** A log as it is looked at before its institution is erased. */
import { toBase64 } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import { readHead } from '../store.ts'

/** Whether the institution ever did anything here. */
export async function isKnownLog(tx: Tx): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM ledger.entry WHERE tenant_id = $1 LIMIT 1', [tx.tenant])).length > 0
}

interface SealedHead {
  readonly size: number
  /** In base64. */
  readonly root: string
  /** The note itself; empty for a log without entries. */
  readonly checkpoint: string
  readonly waiting: boolean
}

/** What the log's newest checkpoint says, and whether entries still wait for their place. */
export async function sealedHead(tx: Tx): Promise<SealedHead> {
  const [head, waiting] = await Promise.all([readHead(tx), tx.query('SELECT 1 FROM ledger.pending WHERE tenant_id = $1 LIMIT 1', [tx.tenant])])
  return { size: head?.size ?? 0, root: head === undefined ? '' : toBase64(head.root), checkpoint: head?.note ?? '', waiting: waiting.length > 0 }
}
