import type { Tx } from '@gatehouse/runtime/data/db'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { entryOf } from './entry.ts'
import { entrySchema, indexSchema, stretchMax } from './schema.ts'
import { integratedEntries, readHead } from './store.ts'
import { opaque, wholeLog } from './visibility.ts'

/** Which places are asked for, and what is answered: the same for an institution's log and for the node's. */
export const stretchInput = {
  from: indexSchema.default(0).describe('The first place; places count from 0.'),
  limit: z.coerce.number().int().min(1).max(stretchMax).default(50),
}
export const stretchOutput = z.strictObject({
  size: z.number().int().describe('How many entries the newest checkpoint covers.'),
  data: z.array(entrySchema),
  next: z.number().int().nullable().describe('`from` of the next stretch; null at the end of the log.'),
})

export const stretch = operation({
  name: 'ledger.stretch',
  summary: 'Read the entries at consecutive places of the log',
  description: 'In the order of the log, and only what a checkpoint covers.',
  input: z.strictObject(stretchInput),
  output: stretchOutput,
  access: { action: 'read', on: wholeLog },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/ledger/entries' },
  example: { input: { from: 0, limit: 10 } },
  run: ({ tx }, { from, limit }) => entriesAt(tx, from, limit),
})

export async function entriesAt(tx: Tx, from: number, limit: number): Promise<z.output<typeof stretchOutput>> {
  const size = (await readHead(tx))?.size ?? 0
  const to = Math.min(size, from + limit)
  const rows = from < to ? await integratedEntries(tx, {}, from, to) : []
  return { size, data: rows.map(entryOf), next: to < size && from < to ? to : null }
}
