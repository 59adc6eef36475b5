import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { progressSchema, rejectSchema } from './schema.ts'
import { findImport } from './store.ts'

export const importStatus = operation({
  name: 'vault.import_status',
  summary: 'Read how far an import has come',
  input: z.strictObject({ import: idSchema('import') }),
  output: z.strictObject({
    import_id: idSchema('import'),
    status: z.enum(['open', 'running', 'finished', 'failed']),
    record_type: slugSchema,
    record_type_version: z.number().int(),
    created_at: instantSchema,
    progressed_at: instantSchema,
    progress: progressSchema,
    rejects: z.array(rejectSchema),
  }),
  access: { action: 'read', on: (input) => ({ type: 'import', id: input.import }) },
  audit: { none: 'it tells counts and line numbers of a file and nothing of a person' },
  http: { method: 'GET', path: '/v1/vault/imports/:import' },
  async run(ctx, input) {
    const row = await findImport(ctx.tx, input.import)
    if (row === undefined) return refuse(doorProblems.not_found)
    const { status, created_at, progressed_at, progress } = row
    const rejects = [...row.rejects]
    return { import_id: row.id, status, record_type: row.slug, record_type_version: row.version, created_at, progressed_at, progress, rejects }
  },
})
