import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { uploadInput, uploadSchema } from '../schema.ts'
import { visibleDocument } from '../visible.ts'
import { findUpload } from './store.ts'

export const readUpload = operation({
  name: 'documents.read_upload',
  summary: 'Tell how much of a file was received',
  input: uploadInput,
  output: uploadSchema,
  access: { action: 'update', on: ({ document }) => ({ type: 'document', id: document }) },
  audit: { none: 'tells a number of bytes' },
  http: { method: 'GET', path: '/v1/documents/:document/uploads/:upload' },
  example: { input: { document: '0198c1de-7b3a-7c4d-8e5f-000000000001', upload: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found],
  async run(ctx, { document, upload }) {
    const row = (await visibleDocument(ctx.tx, document)) && (await findUpload(ctx.tx, { document, upload, now: ctx.now }))
    return row ?? refuse(doorProblems.not_found)
  },
})
