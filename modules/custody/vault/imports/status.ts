import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { rejectSchema } from '../schema.ts'
import { findImport } from './store.ts'
import { importView, viewOf } from './view.ts'

export const importStatus = operation({
  name: 'vault.import_status',
  summary: 'Read how far an import has come',
  input: z.strictObject({ import: idSchema('import') }),
  output: importView.extend({ rejects: z.array(rejectSchema) }),
  access: { action: 'read', on: (input) => ({ type: 'import', id: input.import }) },
  audit: { none: 'it tells counts and line numbers of a file and nothing of a person' },
  http: { method: 'GET', path: '/v1/vault/imports/:import' },
  async run(ctx, input) {
    const row = await findImport(ctx.tx, input.import)
    if (row === undefined) return refuse(doorProblems.not_found)
    return { ...viewOf(row), rejects: [...row.rejects] }
  },
})
