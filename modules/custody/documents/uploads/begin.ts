import { instantOf } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { fileBytesMax, uploadMs, uploadSchema, uploadsMax } from '../schema.ts'
import { visibleDocument } from '../visible.ts'
import { insertUpload, openUploads, type UploadRow } from './store.ts'

export const beginUpload = operation({
  name: 'documents.begin_upload',
  summary: 'Begin to send a file that goes on where it broke',
  description:
    'For large files and bad lines. Send the bytes from `received` on with PATCH, as many at a time as you like. Where the line or the node broke, ask how much was ' +
    'received and go on from there. At the end finish the upload; then the file is a version. An upload that is not finished within a week is forgotten.',
  input: z.strictObject({ document: idSchema('document'), bytes: z.number().int().min(0).max(fileBytesMax).describe('How long the whole file is.') }),
  output: uploadSchema,
  access: { action: 'update', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: ({ document, bytes }, { id }) => ({ object: { kind: 'document', id: document }, details: { upload: id, bytes } }),
  http: { method: 'POST', path: '/v1/documents/:document/uploads', status: 201 },
  example: { input: { document: '0198c1de-7b3a-7c4d-8e5f-000000000001', bytes: 73_400_320 } },
  problems: [doorProblems.not_found, problems.too_many_uploads],
  async run(ctx, { document, bytes }) {
    if ((await visibleDocument(ctx.tx, document, 'lock')) === undefined) return refuse(doorProblems.not_found)
    if ((await openUploads(ctx.tx, document, ctx.now)) >= uploadsMax) return refuse(problems.too_many_uploads)
    const row: UploadRow = {
      id: ctx.newId<'upload'>(),
      document_id: document,
      bytes,
      received: 0,
      version: null,
      created_at: ctx.now,
      created_by: ctx.principal.id,
      expires_at: instantOf(ctx.nowMs + uploadMs),
    }
    await insertUpload(ctx.tx, row)
    return row
  },
})
