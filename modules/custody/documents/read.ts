import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { documentSchema } from './schema.ts'
import { viewsOf } from './view.ts'
import { visibleDocument } from './visible.ts'

export const readDocument = operation({
  name: 'documents.read',
  summary: 'Read what is known of a document, without its files',
  input: z.strictObject({ document: idSchema('document') }),
  output: documentSchema,
  access: { action: 'read', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: (_input, { id }) => ({ object: { kind: 'document', id } }),
  http: { method: 'GET', path: '/v1/documents/:document' },
  example: { input: { document: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { document }) {
    const row = await visibleDocument(ctx.tx, document)
    const [view] = row === undefined ? [] : await viewsOf(ctx.tx, ctx.node, ctx.tenant, [row])
    return view ?? refuse(doorProblems.not_found)
  },
})
