import { instantOf } from '@gatehouse/core/instant'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { Dataset } from '@gatehouse/tabular/dataset'
import { z } from 'zod'
import { limits as catalogLimits, tableReference } from '../schema.ts'
import { tableByReference } from '../tables/by-reference.ts'
import { openTable, uploadedTable } from '../tables/open.ts'
import { measureProfile } from './measure.ts'
import { limits } from './schema.ts'
import { putProfile } from './store.ts'

/** The job. Values pass through and are counted; none is kept. */
export const measureTable = operation({
  name: 'catalog.measure_table',
  summary: 'Look a table through for its profile',
  kind: 'steps',
  input: z.strictObject({ reference: tableReference }),
  output: z.strictObject({ rows: z.int().nullable(), sampled: z.boolean() }),
  access: { action: 'use', on: () => ({ type: 'catalogue' }) },
  audit: ({ reference }, { rows, sampled }) => ({ details: { reference, rows: rows ?? 0, sampled } }),
  example: { input: { reference: 'hospital.admissions' } },
  problems: [doorProblems.not_found],
  async run(ctx, { reference }) {
    const { node, tenant } = ctx
    const table = await ctx.step((tx) => tableByReference(tx, reference))
    if (table === undefined) return refuse(doorProblems.not_found)
    const uploaded = (await uploadedTable(node, tenant, table)) !== undefined
    const signal = AbortSignal.timeout(uploaded ? catalogLimits.readMsMax : limits.sampleMsMax)
    const columns = table.columns.map(({ name }) => name)
    const { chunks, schemaVersion } = await openTable(node, tenant, table, { columns, rowsMax: catalogLimits.uploadRowsMax, signal })
    const first = { rows: 0, cut: false }
    const looked = uploaded ? chunks : beginningOf(chunks, first)
    const profile = await measureProfile(
      table.columns.map(({ field }) => field),
      looked,
      {
        floor: Math.max(2, table.floor),
        subject: table.columns.find(({ identifier_role }) => identifier_role === 'subject')?.name,
        identifying: new Set(
          table.columns.filter(({ identifier_role }) => identifier_role === 'subject' || identifier_role === 'direct').map(({ name }) => name),
        ),
        sampled: false,
        now: instantOf(node.source.nowMs()),
      },
    )
    const kept = { ...profile, sampled: first.cut }
    await ctx.step(async (tx) => putProfile(tx, table.id, { schema_version: schemaVersion, profile: kept }))
    return { rows: kept.rows, sampled: kept.sampled }
  },
})

async function* beginningOf(chunks: AsyncIterable<Dataset>, first: { rows: number; cut: boolean }): AsyncGenerator<Dataset> {
  for await (const chunk of chunks) {
    if (first.rows >= limits.sampleRowsMax) {
      first.cut = true
      return
    }
    first.rows += chunk.rowCount
    yield chunk
  }
}
