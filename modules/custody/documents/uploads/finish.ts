import type { Id } from '@gatehouse/core/id'
import { FrameError, openFrames } from '@gatehouse/crypto/frames'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { sha256Text } from '../byte-stream.ts'
import { frameContext, versionKey } from '../keys.ts'
import { problems } from '../problems.ts'
import { receive } from '../receive.ts'
import { receivedSchema, uploadInput } from '../schema.ts'
import { findVersion } from '../store.ts'
import { receivedFacts, receivedView } from '../view.ts'
import { type DocumentWithKey, documentWithKey } from '../visible.ts'
import { closeUpload, findUpload, type PartRow, partsOf } from './store.ts'

export const finishUpload = operation({
  name: 'documents.finish_upload',
  kind: 'steps',
  summary: 'Make the received bytes the newest version of the document',
  description: 'May be asked for again where its answer was lost: it answers the same. `sha256` lets the node refuse what was damaged on the way.',
  input: uploadInput.extend({ sha256: sha256Text.optional() }),
  output: receivedSchema,
  access: { action: 'update', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: receivedFacts,
  http: { method: 'POST', path: '/v1/documents/:document/uploads/:upload/finish' },
  example: { input: { document: '0198c1de-7b3a-7c4d-8e5f-000000000001', upload: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found, problems.upload_incomplete, problems.digest_mismatch, problems.unreadable, problems.too_many_versions],
  async run(ctx, { document, upload, sha256 }) {
    const found = await ctx.step(async (tx) => {
      const owner = await documentWithKey(tx, ctx, document)
      if (owner instanceof Refusal) return owner
      // Locked, so that its parts are not taken away by whoever finishes it just now between this look and the next.
      const row = await findUpload(tx, { document, upload, now: ctx.now }, 'lock')
      if (row === undefined) return refuse(doorProblems.not_found)
      if (row.version === null && row.received < row.bytes) {
        return refuse(problems.upload_incomplete, `received: ${row.received} of ${row.bytes}`, {}, { received: row.received })
      }
      return { owner, version: row.version, parts: await partsOf(tx, upload) }
    })
    if (found instanceof Refusal) return found
    if (found.version !== null) return (await earlier(ctx, { document, upload })) ?? refuse(doorProblems.not_found)
    const received = await receive(ctx, found.owner, joined(ctx, found.owner, found.parts), { sha256, also: (tx, version) => close(tx, version) }).catch(
      (error: unknown) => {
        if (error instanceof FrameError) return refuse(problems.unreadable)
        throw error
      },
    )
    // Whoever finished at the same moment has taken the parts away.
    if (received instanceof Refusal) return (await earlier(ctx, { document, upload })) ?? received
    // What a crash leaves here are objects without a row.
    for (const { blob } of found.parts) await ctx.node.blobs.delete(blob)
    return receivedView(received)

    /** It may have been cancelled, or finished by somebody else, while its parts were put together. */
    async function close(tx: Tx, version: number): Promise<Refusal | undefined> {
      const row = await findUpload(tx, { document, upload, now: ctx.now }, 'lock')
      if (row === undefined) return refuse(doorProblems.not_found)
      await closeUpload(tx, upload, row.version ?? version)
      return undefined
    }
  },
})

/** What it became before, if it did. */
function earlier(ctx: StepsContext, { document, upload }: { readonly document: Id<'document'>; readonly upload: Id<'upload'> }) {
  return ctx.step(async (tx) => {
    const row = await findUpload(tx, { document, upload, now: ctx.now })
    const version = row === undefined || row.version === null ? undefined : await findVersion(tx, document, row.version)
    return version === undefined ? undefined : receivedView({ row: version, repeated: true })
  })
}

async function* joined({ node, tenant }: StepsContext, { row, key }: DocumentWithKey, parts: readonly PartRow[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const { salt, blob } of parts) {
    const sealed = await node.blobs.get(blob)
    if (sealed === undefined) throw new FrameError('a part is gone')
    yield* openFrames(node.keys.primitives, versionKey(node, key, salt), frameContext(tenant, row.id, blob), sealed)
  }
}
