import { instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { haltReasons, readHalt, readSuccession } from './heads/store.ts'
import { logOrigin } from './key.ts'
import { logStanding } from './store.ts'
import { wholeLog } from './visibility.ts'
import { publishedCheckpoint } from './witnesses/published.ts'
import { readSettings } from './witnesses/store.ts'

export const standing = operation({
  name: 'ledger.standing',
  summary: 'Tell how the log stands: its size, whether it signs, and who vouches for it',
  input: z.strictObject({}),
  output: z.strictObject({
    origin: z.string(),
    size: z.number().int(),
    checkpoint_at: instantSchema.nullable(),
    waiting: z.number().int().describe('Entries that no checkpoint covers yet.'),
    state: z
      .enum(['signing', ...haltReasons])
      .describe('`behind`: more was signed than the database knows. `missing`: the store of heads does not know the log. `unreachable`: it does not answer.'),
    since: instantSchema.nullable().describe('When the log stopped signing.'),
    stored_size: z.number().int().nullable().describe('What the store of heads says, where it contradicts.'),
    heads: z.string().describe('What kind of store keeps the heads.'),
    publish_log: z.boolean(),
    quorum: z.number().int(),
    shown_size: z.number().int().describe('The size of the checkpoint that outsiders are shown.'),
    cosignatures: z.number().int().describe('How many witnesses have cosigned that checkpoint.'),
  }),
  access: { action: 'read', on: wholeLog },
  audit: { none: 'it tells sizes and times of the log' },
  http: { method: 'GET', path: '/v1/ledger/standing' },
  example: { input: {} },
  async run({ tx, node, tenant }) {
    const [log, halt, succession, settings] = await Promise.all([logStanding(tx), readHalt(tx), readSuccession(tx), readSettings(tx)])
    const shown = await publishedCheckpoint(tx, node, tenant)
    return {
      origin: logOrigin(tenant, succession?.generation),
      size: log.size,
      checkpoint_at: log.checkpoint_at,
      waiting: log.waiting,
      state: halt?.reason ?? ('signing' as const),
      since: halt?.since ?? null,
      stored_size: halt?.stored_size ?? null,
      heads: node.heads.kind,
      publish_log: settings.publish_log,
      quorum: settings.quorum,
      shown_size: shown.size,
      cosignatures: shown.cosignatures,
    }
  },
})
