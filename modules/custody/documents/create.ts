import { instantSchema, slugSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { registerSubjects, userIdSchema } from '../../subjects/index.ts'
import { heldAmong } from '../retention/index.ts'
import { newDocumentKey, sealTitle } from './keys.ts'
import { documentSchema, titleSchema } from './schema.ts'
import { insertDocument } from './store.ts'

export const createDocument = operation({
  name: 'documents.create',
  summary: 'Make a document, to send files for',
  description: 'About a person, whom `user_id` names as the institution does, or about nobody. Its files are versions of it and are sent one by one.',
  input: z.strictObject({ title: titleSchema, source: slugSchema, user_id: userIdSchema.optional(), retain_until: instantSchema.optional() }),
  output: documentSchema,
  access: { action: 'create', on: () => ({ type: 'document' }) },
  audit: (_input, { id, source }) => ({ object: { kind: 'document', id }, details: { source } }),
  http: { method: 'POST', path: '/v1/documents', status: 201 },
  example: { input: { title: 'Discharge letter', source: 'ward-7' } },
  problems: [doorProblems.not_found],
  async run(ctx, { title, source, user_id, retain_until }) {
    const subject = user_id === undefined ? undefined : (await registerSubjects(ctx.tx, ctx.node, [user_id])).get(user_id)
    if (subject !== undefined) {
      if (subject.status !== 'active') return refuse(doorProblems.not_found)
      ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    }
    const id = ctx.newId<'document'>()
    const { key, row } = await newDocumentKey(ctx.tx, ctx.node, ctx.tenant, id, subject?.id ?? null)
    const told = { source, retain_until: retain_until ?? null, created_at: ctx.now, created_by: ctx.principal.id }
    await insertDocument(ctx.tx, { ...row, ...told, title: sealTitle(ctx.node, key, id, title) })
    const held = await heldAmong(ctx.tx, [row.subject_id])
    return { id, subject_id: row.subject_id, title, ...told, held: held(row.subject_id), versions: [] }
  },
})
