/** How a file becomes the newest version of a document, whichever way its bytes came. */
import { fromHex } from '@gatehouse/crypto/bytes'
import { sealFrames } from '@gatehouse/crypto/frames'
import type { Tx } from '@gatehouse/runtime/data/db'
import { Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { digestOf, frameContext, versionKey } from './keys.ts'
import { objectName } from './names.ts'
import { problems } from './problems.ts'
import { fileBytesMax, versionsMax } from './schema.ts'
import { sniff } from './sniff.ts'
import { type DocumentRow, insertVersion, type VersionRow, versionsOf } from './store.ts'
import { type DocumentWithKey, visibleDocument } from './visible.ts'
import { watchFile } from './watch-file.ts'

export interface Received {
  readonly row: VersionRow
  /** The file is the newest version already. */
  readonly repeated: boolean
}

export interface Expected {
  /** In hex; what arrives as another file is refused. */
  readonly sha256?: string | undefined
  /** Runs in the transaction in which the version is kept. */
  readonly also?: (tx: Tx, version: number) => Promise<Refusal | undefined>
}

export async function receive(
  ctx: StepsContext,
  { row: document, key }: DocumentWithKey,
  body: AsyncIterable<Uint8Array>,
  expected: Expected,
): Promise<Received | Refusal> {
  const { node, tenant } = ctx
  const salt = ctx.randomBytes(32)
  const blob = await objectName(node, tenant, { subject: document.subject_id, source: document.source, at: ctx.now, salt })
  const seen = watchFile(body, fileBytesMax)
  // First the object, then its row: what a crash leaves between the two is seen by nobody and swept away.
  await node.blobs.put(blob, sealFrames(node.keys.primitives, versionKey(node, key, salt), frameContext(tenant, document.id, blob), seen.body))
  const { sha256, bytes, head } = seen.told()
  const kept = await keep().catch(async (error: unknown) => {
    await node.blobs.delete(blob)
    throw error
  })
  if (kept instanceof Refusal || kept.repeated) await node.blobs.delete(blob)
  if (!(kept instanceof Refusal) && !kept.repeated) {
    const { version, scan } = kept.row
    ctx.publish({ type: 'documents.version_added', subject: document.id, data: { document: document.id, version, scan } })
  }
  return kept

  async function keep(): Promise<Received | Refusal> {
    const { equal } = node.keys.primitives
    if (expected.sha256 !== undefined && !equal(fromHex(expected.sha256) ?? new Uint8Array(), sha256)) return refuse(problems.digest_mismatch)
    return ctx.step(async (tx) => {
      // Erased while the file was arriving? Then its row is gone, and so is this object.
      if ((await visibleDocument(tx, document.id, 'lock')) === undefined) return refuse(doorProblems.not_found)
      const received = await addVersion(tx, document)
      if (received instanceof Refusal) return received
      return (await expected.also?.(tx, received.row.version)) ?? received
    })
  }

  async function addVersion(tx: Tx, { id }: DocumentRow): Promise<Received | Refusal> {
    const [newest] = await versionsOf(tx, [id])
    const digest = digestOf(node, key, sha256)
    if (newest !== undefined && node.keys.primitives.equal(newest.digest, digest)) return { row: newest, repeated: true }
    const version = (newest?.version ?? 0) + 1
    if (version > versionsMax) return refuse(problems.too_many_versions)
    const scan = node.scanner === undefined ? 'unscanned' : 'pending'
    const row: VersionRow = {
      document_id: id,
      version,
      salt,
      blob,
      bytes,
      media_type: sniff(head),
      digest,
      scan,
      signature: null,
      scanned_at: null,
      created_at: ctx.now,
      created_by: ctx.principal.id,
    }
    await insertVersion(tx, row)
    if (scan === 'pending') await node.queue.enqueue(tx, 'documents-scan', { tenant, document: id, version })
    return { row, repeated: false }
  }
}
