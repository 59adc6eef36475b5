import { idSchema } from '@gatehouse/core/schema'
import { fromHex } from '@gatehouse/crypto/bytes'
import { sealFrames } from '@gatehouse/crypto/frames'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { digestOf, documentKey, frameContext, versionKey } from './keys.ts'
import { objectName } from './names.ts'
import { problems } from './problems.ts'
import { fileBytesMax, versionSchema, versionsMax } from './schema.ts'
import { sniff } from './sniff.ts'
import { findDocument, insertVersion, type VersionRow, versionsOf } from './store.ts'
import { versionView } from './view.ts'
import { watchFile } from './watch-file.ts'

const byteStream = z.custom<AsyncIterable<Uint8Array>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
  'send the file as the body of the request',
)

export const uploadVersion = operation({
  name: 'documents.upload',
  kind: 'steps',
  streams: true,
  summary: 'Send a file as the newest version of a document',
  description:
    'The body is the file itself. It is sealed as it arrives and waits in quarantine until the scanner has found nothing. The same file as the newest version ' +
    'makes no new one, so an upload that broke is simply sent again. `sha256` lets the node refuse what was damaged on the way.',
  input: z.strictObject({
    document: idSchema('document'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
      .optional(),
    body: byteStream,
    media_type: z.string().max(200).optional(),
  }),
  output: versionSchema.extend({ document_id: idSchema('document'), repeated: z.boolean() }),
  access: { action: 'update', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: (_input, { document_id, version, bytes, media_type, repeated, scan }) => ({
    object: { kind: 'document', id: document_id },
    details: { version, bytes, media_type, repeated, scan },
  }),
  http: { method: 'POST', path: '/v1/documents/:document/versions' },
  problems: [doorProblems.not_found, doorProblems.too_large, problems.digest_mismatch, problems.unreadable, problems.too_many_versions],
  async run(ctx, input) {
    const { node, tenant } = ctx
    const found = await ctx.step(async (tx) => {
      const row = await findDocument(tx, input.document)
      if (row === undefined) return refuse(doorProblems.not_found)
      const key = await documentKey(tx, node, tenant, row)
      return key === undefined ? refuse(problems.unreadable) : { row, key }
    })
    if (found instanceof Refusal) return found
    const { row, key } = found

    const salt = ctx.randomBytes(32)
    const blob = await objectName(node, tenant, { subject: row.subject_id, source: row.source, at: ctx.now, salt })
    const seen = watchFile(input.body, fileBytesMax)
    // First the object, then its row: what a crash leaves between the two is seen by nobody and swept away.
    await node.blobs.put(blob, sealFrames(node.keys.primitives, versionKey(node, key, salt), frameContext(tenant, row.id, blob), seen.body))
    const { sha256, bytes, head } = seen.told()
    const kept = await keep().catch(async (error: unknown) => {
      await node.blobs.delete(blob)
      throw error
    })
    if (kept instanceof Refusal || kept.repeated) await node.blobs.delete(blob)
    if (!(kept instanceof Refusal) && !kept.repeated) {
      ctx.publish({ type: 'documents.version_added', subject: row.id, data: { document: row.id, version: kept.row.version, scan: kept.row.scan } })
    }
    return kept instanceof Refusal ? kept : { ...versionView(kept.row), document_id: row.id, repeated: kept.repeated }

    async function keep(): Promise<Refusal | { row: VersionRow; repeated: boolean }> {
      if (input.sha256 !== undefined && !node.keys.primitives.equal(fromHex(input.sha256) ?? new Uint8Array(), sha256)) return refuse(problems.digest_mismatch)
      return ctx.step(async (tx) => {
        // Erased while the file was arriving? Then its row is gone, and so is this object.
        if ((await findDocument(tx, row.id, 'lock')) === undefined) return refuse(doorProblems.not_found)
        const [newest] = await versionsOf(tx, [row.id])
        const digest = digestOf(node, key, sha256)
        if (newest !== undefined && node.keys.primitives.equal(newest.digest, digest)) return { row: newest, repeated: true }
        const version = (newest?.version ?? 0) + 1
        if (version > versionsMax) return refuse(problems.too_many_versions)
        const scan = node.scanner === undefined ? 'unscanned' : 'pending'
        const added: VersionRow = {
          document_id: row.id,
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
        await insertVersion(tx, added)
        if (scan === 'pending') await node.queue.enqueue(tx, 'documents-scan', { tenant, document: row.id, version })
        return { row: added, repeated: false }
      })
    }
  },
})
