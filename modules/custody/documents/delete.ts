import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { heldAmong, lockRetention } from '../retention/index.ts'
import { problems } from './problems.ts'
import { deleteDocument as deleteRow, versionsOf } from './store.ts'
import { blobsOfDocument } from './uploads/store.ts'
import { visibleDocument } from './visible.ts'

export const deleteDocument = operation({
  name: 'documents.delete',
  kind: 'steps',
  summary: 'Delete a document with all its versions',
  description:
    'Not before its retention date, and not while a legal hold covers its person or the institution. Its key goes with it, so that copies of the files cannot be read either.',
  input: z.strictObject({ document: idSchema('document') }),
  output: z.strictObject({ id: idSchema('document'), versions: z.number().int() }),
  access: { action: 'delete', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: (_input, { id, versions }) => ({ object: { kind: 'document', id }, details: { versions } }),
  http: { method: 'DELETE', path: '/v1/documents/:document' },
  example: { input: { document: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, problems.retained, problems.held],
  async run(ctx, { document }) {
    const gone = await ctx.step(async (tx) => {
      await lockRetention(tx)
      const row = await visibleDocument(tx, document, 'lock')
      if (row === undefined) return refuse(doorProblems.not_found)
      const held = await heldAmong(tx, [row.subject_id])
      if (held(row.subject_id)) return refuse(problems.held, undefined, { object: { kind: 'document', id: document } })
      if (row.retain_until !== null && row.retain_until > ctx.now) return refuse(problems.retained, `until ${row.retain_until}`)
      const versions = await versionsOf(tx, [document])
      const parts = await blobsOfDocument(tx, document)
      await deleteRow(tx, document)
      return { versions: versions.length, blobs: [...versions.map(({ blob }) => blob), ...parts] }
    })
    if (gone instanceof Refusal) return gone
    // What a crash leaves here is an orphan without a key; the sweeper finds it.
    for (const blob of gone.blobs) await ctx.node.blobs.delete(blob)
    return { id: document, versions: gone.versions }
  },
})
