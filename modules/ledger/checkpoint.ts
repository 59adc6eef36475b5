import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { logVkey } from './key.ts'
import { ledgerEntries, opaque } from './visibility.ts'
import { publishedCheckpoint } from './witnesses/published.ts'

export const checkpoint = operation({
  name: 'ledger.checkpoint',
  summary: 'Read the newest checkpoint of the log',
  description:
    'A signed note (C2SP tlog-checkpoint). With the cosignatures it has; where a quorum is demanded, the newest that has it. Keep it: `ledger.verify` and `ledger.consistency` show whether a later log still begins with it.',
  input: z.strictObject({}),
  output: z.strictObject({
    size: z.number().int(),
    checkpoint: z.string(),
    vkey: z.string(),
    cosignatures: z.number().int().describe('How many witnesses have cosigned it.'),
    quorum: z.number().int().describe('How many the institution demands; the newest checkpoint where none has so many yet.'),
  }),
  access: { action: 'read', on: ledgerEntries },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/ledger/checkpoint' },
  example: { input: {} },
  async run({ tx, node, tenant }) {
    const { size, note, cosignatures, quorum } = await publishedCheckpoint(tx, node, tenant)
    return { size, checkpoint: note, vkey: await logVkey(node, tenant, note), cosignatures, quorum }
  },
})
