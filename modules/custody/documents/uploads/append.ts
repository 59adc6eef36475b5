import { sealFrames } from '@gatehouse/crypto/frames'
import { operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { byteStream, inParts } from '../byte-stream.ts'
import { frameContext, versionKey } from '../keys.ts'
import { objectName } from '../names.ts'
import { problems } from '../problems.ts'
import { partBytes, partsMax, uploadInput, uploadSchema } from '../schema.ts'
import { type DocumentWithKey, documentWithKey } from '../visible.ts'
import { addPart, countParts, findUpload, type UploadRow } from './store.ts'

export const appendToUpload = operation({
  name: 'documents.append',
  kind: 'steps',
  streams: true,
  summary: 'Send the next bytes of a file',
  description:
    '`offset` is where they begin, and it must be as many as were received. The node keeps what comes every 4 MiB, and what came until the line broke; so no more ' +
    'than 4 MiB is sent twice, even where the node was killed.',
  input: uploadInput.extend({ offset: z.coerce.number().int().min(0), body: byteStream, media_type: z.string().max(200).optional() }),
  output: uploadSchema,
  access: { action: 'update', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: ({ document, offset }, { id, received }) => ({ object: { kind: 'document', id: document }, details: { upload: id, offset, received } }),
  http: { method: 'PATCH', path: '/v1/documents/:document/uploads/:upload' },
  problems: [doorProblems.not_found, doorProblems.too_large, problems.offset_mismatch, problems.upload_finished, problems.unreadable],
  async run(ctx, { document, upload, offset, body }) {
    const place = { document, upload, now: ctx.now }
    const begun = await ctx.step(async (tx) => {
      const owner = await documentWithKey(tx, ctx, document)
      if (owner instanceof Refusal) return owner
      const row = await findUpload(tx, place)
      return row === undefined ? refuse(doorProblems.not_found) : (fault(row, offset) ?? { owner, row })
    })
    if (begun instanceof Refusal) return begun
    let { row } = begun
    for await (const part of inParts(body, partBytes)) {
      const kept = await keepPart(ctx, begun.owner, row, part)
      if (kept instanceof Refusal) return kept
      row = kept
    }
    return row
  },
})

function fault(row: UploadRow, offset: number): Refusal | undefined {
  if (row.version !== null) return refuse(problems.upload_finished)
  if (row.received !== offset) return refuse(problems.offset_mismatch, `received: ${row.received}`, {}, { received: row.received })
  return undefined
}

async function keepPart(ctx: StepsContext, { row: document, key }: DocumentWithKey, before: UploadRow, bytes: Uint8Array): Promise<UploadRow | Refusal> {
  const { node, tenant } = ctx
  if (before.received + bytes.length > before.bytes) return refuse(doorProblems.too_large, `the upload was begun for ${before.bytes} bytes`)
  const salt = ctx.randomBytes(32)
  const blob = await objectName(node, tenant, { subject: document.subject_id, source: document.source, at: ctx.now, salt })
  const sealed = sealFrames(node.keys.primitives, versionKey(node, key, salt), frameContext(tenant, document.id, blob), one(bytes))
  await node.blobs.put(blob, sealed)
  const kept = await ctx
    .step(async (tx) => {
      // Somebody else may have sent the same bytes meanwhile, or the person was erased.
      const row = await findUpload(tx, { document: document.id, upload: before.id, now: ctx.now }, 'lock')
      if (row === undefined) return refuse(doorProblems.not_found)
      const wrong = fault(row, before.received)
      if (wrong !== undefined) return wrong
      if ((await countParts(tx, row.id)) >= partsMax) return refuse(doorProblems.too_large, `an upload has at most ${partsMax} parts; send more at a time`)
      await addPart(tx, row.id, { place: row.received, bytes: bytes.length, salt, blob })
      return { ...row, received: row.received + bytes.length }
    })
    .catch(async (error: unknown) => {
      await node.blobs.delete(blob)
      throw error
    })
  if (kept instanceof Refusal) await node.blobs.delete(blob)
  return kept
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}
