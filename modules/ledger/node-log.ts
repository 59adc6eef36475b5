/** The node's own log, over the heads of all institutions, for whoever runs the node: also while it is published to nobody. */
import { instantSchema } from '@gatehouse/core/schema'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { haltReasons, readHalt } from './heads/store.ts'
import { logVkey } from './key.ts'
import { logStanding } from './store.ts'
import { entriesAt, stretchInput, stretchOutput } from './stretch.ts'
import { nodeLog } from './visibility.ts'
import { publishedCheckpoint } from './witnesses/published.ts'

const why = 'it tells ids of institutions, sizes and roots of their logs, and counts of the node'

export const nodeLogStanding = operation({
  name: 'ledger.node_log',
  summary: 'Tell how the node’s own log stands, with its newest checkpoint',
  description: 'For operators. The entries name each institution by its id, with size and root of its log; it is published with GATEHOUSE_PUBLISH_NODE_LOG.',
  kind: 'steps',
  input: z.strictObject({}),
  output: z.strictObject({
    size: z.number().int(),
    checkpoint_at: instantSchema.nullable(),
    waiting: z.number().int(),
    state: z.enum(['signing', ...haltReasons]),
    published: z.boolean().describe('Whether everybody may read it at /logs/node.'),
    checkpoint: z.string(),
    vkey: z.string(),
  }),
  access: { action: 'read', on: nodeLog },
  audit: { none: why },
  http: { method: 'GET', path: '/v1/node/log' },
  example: { input: {} },
  run: ({ node }) =>
    node.database.transaction(nodeTenant, async (tx) => {
      const [log, halt] = await Promise.all([logStanding(tx), readHalt(tx)])
      const { note } = await publishedCheckpoint(tx, node, nodeTenant)
      return {
        size: log.size,
        checkpoint_at: log.checkpoint_at,
        waiting: log.waiting,
        state: halt?.reason ?? ('signing' as const),
        published: node.publishesNodeLog,
        checkpoint: note,
        vkey: await logVkey(node, nodeTenant, note),
      }
    }),
})

export const nodeLogEntries = operation({
  name: 'ledger.node_log_entries',
  summary: 'Read the entries at consecutive places of the node’s own log',
  description: 'For operators. In the order of the log, and only what a checkpoint covers.',
  kind: 'steps',
  input: z.strictObject(stretchInput),
  output: stretchOutput,
  access: { action: 'read', on: nodeLog },
  audit: { none: why },
  http: { method: 'GET', path: '/v1/node/log/entries' },
  example: { input: { from: 0, limit: 10 } },
  run: ({ node }, { from, limit }) => node.database.transaction(nodeTenant, (tx) => entriesAt(tx, from, limit)),
})
