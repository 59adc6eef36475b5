import { instantMs } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { importStaleMs, noProgress, progressSchema, rejectSchema } from '../schema.ts'
import { importFile } from './import-file.ts'
import { findImport, moveImport } from './store.ts'

const byteStream = z.custom<AsyncIterable<Uint8Array>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
  'send the file as the body of the request',
)

export const importRecords = operation({
  name: 'vault.import',
  kind: 'steps',
  streams: true,
  summary: 'Import a file of records',
  description:
    'The body is the file itself: CSV with a header, one JSON object per line, or one JSON array; of any size, since it is stored as it arrives. ' +
    'Rows that cannot be read are rejected with line and column and the others are kept. Sending the same file again stores nothing twice.',
  input: z.strictObject({ import: idSchema('import'), body: byteStream, media_type: z.string().max(200).optional() }),
  output: progressSchema.extend({ import_id: idSchema('import'), rejects: z.array(rejectSchema) }),
  access: { action: 'create', on: (input) => ({ type: 'import', id: input.import }) },
  audit: (_input, { import_id, rejects: _, ...counts }) => ({ object: { kind: 'import', id: import_id }, details: counts }),
  http: { method: 'POST', path: '/v1/vault/imports/:import/records' },
  problems: [problems.header_mismatch, problems.import_running, problems.import_stopped, problems.import_halted],
  async run(ctx, input) {
    const plan = await ctx.step(async (tx) => {
      const found = await findImport(tx, input.import, 'lock')
      if (found === undefined) return refuse(doorProblems.not_found)
      if (found.status === 'running' && ctx.nowMs - instantMs(found.progressed_at) < importStaleMs) {
        return refuse(problems.import_running, `its last batch was stored at ${found.progressed_at}`)
      }
      await moveImport(tx, found.id, { status: 'running', at: ctx.now, progress: noProgress, rejects: [] })
      return found
    })
    if (plan instanceof Refusal) return plan
    const summary = await importFile(ctx, plan, input.body)
    const { rejects: _, ...counts } = summary
    ctx.publish({ type: 'vault.import_finished', subject: plan.id, data: { record_type: plan.slug, ...counts } })
    return { import_id: plan.id, ...summary, rejects: [...summary.rejects] }
  },
})
