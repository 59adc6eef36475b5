/** The checkpoint that outsiders are shown: with the cosignatures it has, and where a quorum is demanded the newest that has it. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { withSignatures } from '@gatehouse/transparency/note'
import { newestCheckpoint } from '../evidence.ts'
import { readHead } from '../store.ts'
import { cosignaturesAt, newestWithQuorum, readSettings } from './store.ts'

export interface PublishedCheckpoint {
  readonly size: number
  readonly note: string
  readonly cosignatures: number
  readonly quorum: number
}

export async function publishedCheckpoint(tx: Tx, node: Node, tenant: Id<'tenant'>): Promise<PublishedCheckpoint> {
  const { quorum } = await readSettings(tx)
  const shown = (quorum > 0 ? await newestWithQuorum(tx, quorum) : undefined) ?? (await readHead(tx))
  const lines = shown === undefined ? [] : await cosignaturesAt(tx, shown.size)
  const note = withSignatures(await newestCheckpoint(node, tenant, shown), lines)
  return { size: shown?.size ?? 0, note, cosignatures: lines.length, quorum }
}
