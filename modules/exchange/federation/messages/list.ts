import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { nodeNameSchema } from '../../coordinator/index.ts'
import { receivedStates, sentStates } from '../states.ts'
import { threadSchema } from './message.ts'
import { listMessages as listRows } from './store.ts'

const listed = z.strictObject({
  id: idSchema('message'),
  direction: z.enum(['sent', 'received']),
  peer: z.string(),
  kind: z.string(),
  thread: z.string(),
  sequence: z.int(),
  state: z.enum([...new Set([...sentStates, ...receivedStates])] as [string, ...string[]]),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  attachments: z.int(),
  at: instantSchema,
  ended_at: instantSchema.nullable(),
  expires_at: instantSchema,
})

export const listMessages = operation({
  name: 'federation.messages',
  summary: 'Messages to and from peers, newest first, with what became of each',
  description: 'Of the content nothing is told.',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('message').optional(), peer: nodeNameSchema.optional(), thread: threadSchema.optional() }),
  output: pageSchema(listed),
  access: { action: 'read', on: () => ({ type: 'mesh' }) },
  audit: { none: 'it reads names of nodes and kinds, and states' },
  http: { method: 'GET', path: '/v1/mesh/messages' },
  example: { input: { limit: 20 } },
  async run({ tx }, { cursor, limit, peer, thread }) {
    const rows = await listRows(tx, { peer, thread, before: cursor }, limit + 1)
    const data = rows.slice(0, limit)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
