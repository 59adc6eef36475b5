import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { bodyText, entryOf } from './entry.ts'
import { type EntryBody, entryFilters, indexSchema } from './schema.ts'
import { listEntries, type PlacedEntry } from './store.ts'
import { logSize, stretches } from './stretches.ts'
import { ledgerEntries, visibleTo } from './visibility.ts'

/** The same columns in every row. `body` is the exact text that was hashed: SHA-256(0x00 ‖ body) is the leaf. */
export interface ExportedEntry {
  readonly [column: string]: string | number | null
  readonly index: number
  readonly id: string
  readonly body: string
}

const rowOf = ({ index, id, body }: PlacedEntry): ExportedEntry => {
  const text = bodyText(body)
  const { type, at, actor, decision, subject_c, partner, purpose, object } = JSON.parse(text) as EntryBody
  return {
    index,
    id,
    type,
    at,
    actor_kind: actor.kind,
    actor_id: actor.id,
    decision: decision ?? null,
    subject_c: subject_c ?? null,
    partner: partner ?? null,
    purpose: purpose ?? null,
    object_kind: object?.kind ?? null,
    object_id: object?.id ?? null,
    body: text,
  }
}

/** Called `exportLog` because `export` is a word of the language. */
export const exportLog = operation({
  name: 'ledger.export',
  summary: 'Export the log as NDJSON or CSV',
  description: 'Entries that a checkpoint covers, in the order of the log. The export itself leaves an entry before its first row goes out.',
  kind: 'steps',
  answers: 'rows',
  input: z.strictObject({
    ...entryFilters,
    subject: idSchema('subject').optional().describe('Only what concerns this person.'),
    from_index: indexSchema.default(0),
    to_index: indexSchema.optional().describe('Excluded; the end of the log unless given.'),
    format: z.enum(['ndjson', 'csv']).default('ndjson'),
  }),
  output: z.custom<{ readonly from: number; readonly to: number } & AsyncIterable<ExportedEntry>>(),
  access: { action: 'export', on: ledgerEntries },
  audit: ({ format, from_index: _, to_index: __, ...filter }, { from, to }) => ({
    details: { format, from_index: from, to_index: to, filtered_by: Object.keys(filter) },
  }),
  http: { method: 'GET', path: '/v1/logs/export' },
  example: { input: { from_index: 0, format: 'ndjson' } },
  async run(ctx, { from_index: from, to_index, format: _, ...asked }) {
    const { node, tenant } = ctx
    const filter = { ...asked, visibleTo: visibleTo(ctx.principal) }
    const size = await logSize(node, tenant)
    const to = Math.min(to_index ?? size, size)
    if (asked.subject !== undefined) {
      const [newest] = await ctx.step((tx) => listEntries(tx, filter, { order: 'desc', limit: 1 }))
      const commitment = newest === undefined ? undefined : entryOf(newest).body.subject_c
      if (commitment !== undefined) ctx.describe({ subject: { id: asked.subject, commitment } })
    }
    const rows = stretches(node, tenant, filter, from, to)
    return {
      from,
      to,
      async *[Symbol.asyncIterator]() {
        for await (const row of rows) yield rowOf(row)
      },
    }
  },
})
