import { instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { logVkey } from './key.ts'
import { checkpointsShownMax, indexSchema } from './schema.ts'
import { wholeLog } from './visibility.ts'
import { signedCheckpoints } from './witnesses/store.ts'

export const checkpoints = operation({
  name: 'ledger.checkpoints',
  summary: 'List the checkpoints that were signed, newest first',
  description: 'Each is a signed note as it was signed, without cosignatures. Any two of them are held together by `ledger.consistency`.',
  input: z.strictObject({
    at_most: indexSchema.optional().describe('Only checkpoints over at most so many entries.'),
    limit: z.coerce.number().int().min(1).max(checkpointsShownMax).default(20),
  }),
  output: z.strictObject({
    data: z.array(
      z.strictObject({
        size: z.number().int(),
        at: instantSchema.describe('When it was signed.'),
        checkpoint: z.string(),
        vkey: z.string().describe('The verifier key of the origin that it names.'),
        cosignatures: z.number().int(),
      }),
    ),
    next: z.number().int().nullable().describe('`at_most` of the next page.'),
  }),
  access: { action: 'read', on: wholeLog },
  audit: { none: 'a checkpoint is there to be shown' },
  http: { method: 'GET', path: '/v1/ledger/checkpoints' },
  example: { input: { limit: 5 } },
  async run({ tx, node, tenant }, { at_most, limit }) {
    const rows = await signedCheckpoints(tx, at_most, limit + 1)
    const data: { size: number; at: (typeof rows)[number]['at']; checkpoint: string; vkey: string; cosignatures: number }[] = []
    for (const { size, at, note, cosignatures } of rows.slice(0, limit))
      data.push({ size, at, checkpoint: note, vkey: await logVkey(node, tenant, note), cosignatures })
    return { data, next: rows[limit]?.size ?? null }
  },
})
