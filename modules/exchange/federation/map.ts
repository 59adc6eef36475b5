/** The mesh as this node sees it: itself, its peers and mailboxes, what is on its way, and what came that was wrong. */
import { instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { ownIdentity } from './identity/own.ts'
import { listFaults, listMailboxes } from './mailboxes/store.ts'
import { lastHeard, openCounts, openThreads } from './messages/store.ts'
import { peerSchema, shownPeer } from './peers/peer.ts'
import { listPeers } from './peers/store.ts'

const faultsShown = 50
const threadsShown = 200

const mapSchema = z.strictObject({
  self: z.strictObject({ name: z.string(), title: z.string(), waiting_out: z.int(), waiting_in: z.int() }).nullable(),
  peers: z.array(peerSchema.extend({ last_heard_at: instantSchema.nullable(), waiting: z.int() })),
  mailboxes: z.array(
    z.strictObject({
      address: z.string(),
      standing: z.enum(['proposed', 'admitted', 'excluded']).nullable(),
      last_poll_at: instantSchema.nullable(),
      failures: z.int(),
      last_error: z.string().nullable(),
    }),
  ),
  travelling: z
    .array(
      z.strictObject({ peer: z.string(), thread: z.string(), direction: z.enum(['out', 'in']), kind: z.string(), state: z.string(), since: instantSchema }),
    )
    .describe('Messages that have not ended'),
  faults: z
    .array(z.strictObject({ address: z.string(), sender: z.string(), reason: z.string(), count: z.int(), last_at: instantSchema }))
    .describe('What came through a mailbox and was no message of a peer for this node'),
})

export const meshMap = operation({
  name: 'federation.map',
  summary: 'The mesh as this node sees it',
  input: z.strictObject({}),
  output: mapSchema,
  access: { action: 'read', on: () => ({ type: 'mesh' }) },
  audit: { none: 'it reads names of nodes, states and counts' },
  http: { method: 'GET', path: '/v1/mesh/map' },
  example: { input: {} },
  async run({ tx, node, tenant }) {
    const own = await ownIdentity(tx, node, tenant)
    const travelling = await openThreads(tx, threadsShown)
    const heard = new Map((await lastHeard(tx)).map(({ peer, at }) => [peer, at]))
    const peers = await Promise.all((await listPeers(tx)).map(shownPeer))
    return {
      self: own === undefined ? null : { name: own.identity.name, title: own.identity.title, ...(await openCounts(tx)) },
      peers: peers.map((peer) => ({
        ...peer,
        last_heard_at: heard.get(peer.name) ?? null,
        waiting: travelling.filter(({ peer: name, direction }) => name === peer.name && direction === 'out').length,
      })),
      mailboxes: (await listMailboxes(tx)).map(({ registered: _, ...row }) => row),
      travelling,
      faults: await listFaults(tx, faultsShown),
    }
  },
})
