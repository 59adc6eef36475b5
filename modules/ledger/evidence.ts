/** Proofs that entries stand in the log, under its newest checkpoint or the newest that its witnesses vouch for. Read from tiles: a dozen hashes however long the log is. */
import type { Id } from '@gatehouse/core/id'
import { toBase64 } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { emptyRoot } from '@gatehouse/transparency/merkle'
import { withSignatures } from '@gatehouse/transparency/note'
import { inclusionProof, inclusionTiles } from '@gatehouse/transparency/proof'
import { logOrigin } from './key.ts'
import { type EntryEvidence, evidenceMax } from './schema.ts'
import { placedEntries, readHead, tileReader } from './store.ts'
import { cosignaturesAt, newestWithQuorum, readSettings } from './witnesses/store.ts'

/** The newest signed note; of a log without entries, one over the empty tree. */
export async function newestCheckpoint(node: Node, tenant: Id<'tenant'>, head: { readonly note: string } | undefined): Promise<string> {
  if (head !== undefined) return head.note
  const { sha256 } = node.keys.primitives
  return signCheckpoint(sha256, { origin: logOrigin(tenant), size: 0, root: emptyRoot(sha256) }, await node.keys.signer(tenant, 'ledger/log'))
}

export async function newestNote(node: Node, tenant: Id<'tenant'>): Promise<string> {
  return newestCheckpoint(node, tenant, await node.database.transaction(tenant, readHead))
}

/** Entries without a place in the log yet, and ids that are none of this tenant's, are left out: ask again a second later. */
export function entryEvidence(node: Node, tenant: Id<'tenant'>, entryIds: readonly Id<'entry'>[]): Promise<EntryEvidence> {
  return node.database.transaction(tenant, (tx) => evidenceIn(tx, node, tenant, entryIds))
}

export async function evidenceIn(tx: Tx, node: Node, tenant: Id<'tenant'>, entryIds: readonly Id<'entry'>[]): Promise<EntryEvidence> {
  if (entryIds.length > evidenceMax) throw new RangeError(`at most ${evidenceMax} entries are proven at once, not ${entryIds.length}`)
  // The head first: what is read after it may be newer and then has to be left out.
  const [newest, { quorum }, found] = await Promise.all([readHead(tx), readSettings(tx), placedEntries(tx, entryIds)])
  const vouched = quorum > 0 && found.length > 0 ? await newestWithQuorum(tx, quorum) : undefined
  // What outsiders demand witnesses for is proven under the checkpoint that these have cosigned, as soon as it reaches so far.
  const head = vouched !== undefined && found.every(({ index }) => index < vouched.size) ? vouched : newest
  const size = head?.size ?? 0
  const covered = found.filter((entry) => entry.index < size)
  const readTile = await tileReader(
    tx,
    covered.flatMap((entry) => inclusionTiles(entry.index, size)),
  )
  return {
    checkpoint: withSignatures(await newestCheckpoint(node, tenant, head), await cosignaturesAt(tx, size)),
    entries: covered.map(({ index, body }) => ({
      index,
      body: toBase64(body),
      proof: inclusionProof(node.keys.primitives.sha256, index, size, readTile).map(toBase64),
    })),
  }
}
