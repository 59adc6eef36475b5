/** A visit to the mailboxes now, whenever the next turn would be. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { tenantsInMesh } from '../identity/store.ts'
import { pollNow } from './store.ts'
import { type Turn, turn } from './turn.ts'

const count = z.int()
export const visitedSchema = z.strictObject({
  polled: count.describe('Mailboxes that were asked'),
  left: count.describe('Messages that were left there'),
  received: count.describe('Messages that came'),
  faults: count.describe('What came and was no message of a peer for this node'),
  errors: z.array(z.string()).describe('What went wrong, by mailbox'),
})
export type Visited = z.output<typeof visitedSchema>

export async function visit(node: Node, tenant: Id<'tenant'>): Promise<Turn> {
  await node.database.transaction(tenant, (tx) => pollNow(tx, instantOf(node.source.nowMs())))
  return turn(node, tenant)
}

/** Of every institution of the node. */
export async function visitAll(node: Node): Promise<Visited> {
  const total: Visited = { polled: 0, left: 0, received: 0, faults: 0, errors: [] }
  for (const tenant of await node.database.transaction('node', tenantsInMesh)) {
    const { polled, left, received, faults, errors } = await visit(node, tenant)
    total.polled += polled
    total.left += left
    total.received += received
    total.faults += faults
    total.errors.push(...errors)
  }
  return total
}

export const visitMailboxes = operation({
  name: 'federation.visit',
  summary: 'Look into the mailboxes now',
  description: 'The node does so by itself every few seconds. What came is handled by its jobs.',
  kind: 'steps',
  input: z.strictObject({}),
  output: visitedSchema,
  access: { action: 'update', on: () => ({ type: 'mesh' }) },
  audit: (_input, { polled, left, received, faults }) => ({ details: { polled, left, received, faults } }),
  http: { method: 'POST', path: '/v1/mesh/visit' },
  example: { input: {} },
  async run({ node, tenant }) {
    const { errors, ...counts } = await visit(node, tenant)
    return { ...counts, errors: [...errors] }
  },
})
