import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { uploadInput } from '../schema.ts'
import { visibleDocument } from '../visible.ts'
import { deleteUpload, findUpload, partsOf } from './store.ts'

export const cancelUpload = operation({
  name: 'documents.cancel_upload',
  kind: 'steps',
  summary: 'Give up an upload',
  description: 'What was received is forgotten. A version that it became already stays.',
  input: uploadInput,
  output: z.strictObject({ id: idSchema('upload') }),
  access: { action: 'update', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: ({ document }, { id }) => ({ object: { kind: 'document', id: document }, details: { upload: id } }),
  http: { method: 'DELETE', path: '/v1/documents/:document/uploads/:upload' },
  example: { input: { document: '0198c1de-7b3a-7c4d-8e5f-000000000001', upload: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found],
  async run(ctx, { document, upload }) {
    const parts = await ctx.step(async (tx) => {
      if ((await visibleDocument(tx, document)) === undefined) return refuse(doorProblems.not_found)
      if ((await findUpload(tx, { document, upload, now: ctx.now }, 'lock')) === undefined) return refuse(doorProblems.not_found)
      const gone = await partsOf(tx, upload)
      await deleteUpload(tx, upload)
      return gone
    })
    if (parts instanceof Refusal) return parts
    for (const { blob } of parts) await ctx.node.blobs.delete(blob)
    return { id: upload }
  },
})
