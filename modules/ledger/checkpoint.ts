import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { newestCheckpoint } from './evidence.ts'
import { logVkey } from './key.ts'
import { readHead } from './store.ts'
import { ledgerEntries, opaque } from './visibility.ts'

export const checkpoint = operation({
  name: 'ledger.checkpoint',
  summary: 'Read the newest checkpoint of the log',
  description: 'A signed note (C2SP tlog-checkpoint). Keep it: `ledger.verify` and `ledger.consistency` show whether a later log still begins with it.',
  input: z.strictObject({}),
  output: z.strictObject({ size: z.number().int(), checkpoint: z.string(), vkey: z.string() }),
  access: { action: 'read', on: ledgerEntries },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/ledger/checkpoint' },
  example: { input: {} },
  async run({ tx, node, tenant }) {
    const head = await readHead(tx)
    const note = await newestCheckpoint(node, tenant, head)
    return { size: head?.size ?? 0, checkpoint: note, vkey: await logVkey(node, tenant, note) }
  },
})
