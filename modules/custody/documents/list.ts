import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { documentSchema } from './schema.ts'
import { listDocuments as listRows } from './store.ts'
import { viewsOf } from './view.ts'
import { visibleAmong } from './visible.ts'

export const listDocuments = operation({
  name: 'documents.list',
  summary: 'List documents, newest first',
  description: 'A POST, so that whom it asks about stands in no address.',
  input: z.strictObject({ ...pageQuery, user_id: userIdSchema.optional(), cursor: idSchema('document').optional() }),
  output: pageSchema(documentSchema),
  access: { action: 'read', on: () => ({ type: 'document' }) },
  audit: (_input, { data }) => ({ details: { documents: data.length } }),
  http: { method: 'POST', path: '/v1/documents/search' },
  example: { input: {} },
  async run(ctx, { cursor, limit, user_id }) {
    const subject = user_id === undefined ? undefined : await findSubject(ctx.tx, ctx.node, user_id)
    if (user_id !== undefined && subject?.status !== 'active') return refuse(doorProblems.not_found)
    if (subject !== undefined) ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    const rows = await listRows(ctx.tx, subject?.id, cursor, limit + 1)
    const page = rows.slice(0, limit)
    const data = await viewsOf(ctx.tx, ctx.node, ctx.tenant, await visibleAmong(ctx.tx, page))
    return { data, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
