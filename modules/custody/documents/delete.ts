import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from './problems.ts'
import { deleteDocument as deleteRow, findDocument, versionsOf } from './store.ts'

export const deleteDocument = operation({
  name: 'documents.delete',
  kind: 'steps',
  summary: 'Delete a document with all its versions',
  description: 'Not before its retention date. Its key goes with it, so that copies of the files cannot be read either.',
  input: z.strictObject({ document: idSchema('document') }),
  output: z.strictObject({ id: idSchema('document'), versions: z.number().int() }),
  access: { action: 'delete', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: (_input, { id, versions }) => ({ object: { kind: 'document', id }, details: { versions } }),
  http: { method: 'DELETE', path: '/v1/documents/:document' },
  example: { input: { document: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, problems.retained],
  async run(ctx, { document }) {
    const gone = await ctx.step(async (tx) => {
      const row = await findDocument(tx, document, 'lock')
      if (row === undefined) return refuse(doorProblems.not_found)
      if (row.retain_until !== null && row.retain_until > ctx.now) return refuse(problems.retained, `until ${row.retain_until}`)
      const versions = await versionsOf(tx, [document])
      await deleteRow(tx, document)
      return versions
    })
    if (gone instanceof Refusal) return gone
    // What a crash leaves here is an orphan without a key; the sweeper finds it.
    for (const { blob } of gone) await ctx.node.blobs.delete(blob)
    return { id: document, versions: gone.length }
  },
})
