import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { findImport, moveImport } from './store.ts'
import { importView, viewOf } from './view.ts'

export const stopImport = operation({
  name: 'vault.stop_import',
  summary: 'Stop an import that is running',
  description: 'It ends before its next batch. What is stored stays; the same file can be sent again and goes on where nothing is stored yet.',
  input: z.strictObject({ import: idSchema('import') }),
  output: importView,
  access: { action: 'update', on: (input) => ({ type: 'import', id: input.import }) },
  audit: (_input, { import_id, progress }) => ({ object: { kind: 'import', id: import_id }, details: progress }),
  http: { method: 'POST', path: '/v1/vault/imports/:import/stop' },
  problems: [doorProblems.not_found, problems.import_not_running],
  async run(ctx, input) {
    const row = await findImport(ctx.tx, input.import, 'lock')
    if (row === undefined) return refuse(doorProblems.not_found)
    if (row.status !== 'running') return refuse(problems.import_not_running, `it is ${row.status}`)
    await moveImport(ctx.tx, row.id, { status: 'stopped', at: ctx.now, progress: row.progress })
    return viewOf({ ...row, status: 'stopped', progressed_at: ctx.now })
  },
})
