import { instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { nodeNameSchema } from './protocol/card.ts'
import { healthSchema } from './protocol/exchange.ts'

/** `proposed` until an operator has compared the fingerprint and admitted it. */
export const nodeStates = ['proposed', 'admitted', 'excluded'] as const
export type NodeState = (typeof nodeStates)[number]

/** Nodes that nobody has admitted yet. */
export const proposedMax = 100
export const idleMs = 60_000

export const meshNodeSchema = z.strictObject({
  name: nodeNameSchema,
  title: z.string(),
  state: z.enum(nodeStates),
  fingerprint: z.string(),
  generation: z.int(),
  health: healthSchema.nullable(),
  waiting: z.int().describe('Messages that wait for it'),
  last_poll_at: instantSchema.nullable(),
  registered_at: instantSchema,
})
export type MeshNode = z.output<typeof meshNodeSchema>
