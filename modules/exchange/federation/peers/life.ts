/** Who counts as a peer is decided by administrators, one peer at a time. */
import { Problem } from '@gatehouse/core/problem'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { nodeNameSchema } from '../../coordinator/index.ts'
import { requireIdentity } from '../identity/own.ts'
import { pollNow } from '../mailboxes/store.ts'
import { problems } from '../problems.ts'
import { type PeerEvent, peerLife } from '../states.ts'
import { peerSchema, shownPeer } from './peer.ts'
import { listPeers, lockPeer, setPeerState, setTold } from './store.ts'

const input = z.strictObject({ peer: nodeNameSchema })
const audit = ({ peer }: { readonly peer: string }, { fingerprint, state }: z.output<typeof peerSchema>) => ({
  object: { kind: 'peer', id: peer },
  details: { fingerprint, state },
})
const access = { action: 'update', on: () => ({ type: 'mesh' }) } as const
const example = { input: { peer: 'hillside' } }

export const peersOfNode = operation({
  name: 'federation.peers',
  summary: 'The peers of this node, and those that wait to be approved',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(peerSchema) }),
  access: { action: 'read', on: () => ({ type: 'mesh' }) },
  audit: { none: 'it reads names and public keys' },
  http: { method: 'GET', path: '/v1/mesh/peers' },
  example: { input: {} },
  run: async ({ tx }) => ({ data: await Promise.all((await listPeers(tx)).map(shownPeer)) }),
})

export const approvePeer = operation({
  name: 'federation.approve_peer',
  summary: 'Approve a peer whose fingerprint was compared, or let a suspended one go on',
  input: input.extend({ fingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'the whole fingerprint: 64 characters, 0-9 and a-f') }),
  output: peerSchema,
  access,
  audit,
  stepUp: true,
  http: { method: 'POST', path: '/v1/mesh/peers/:peer/approve' },
  example: { input: { peer: 'hillside', fingerprint: 'ab'.repeat(32) } },
  problems: [problems.fingerprint_differs, problems.peer_state, doorProblems.not_found],
  async run(ctx, { peer, fingerprint }) {
    const { equal } = ctx.node.keys.primitives
    const { identity } = await requireIdentity(ctx.tx, ctx.node, ctx.tenant)
    const row = await lockPeer(ctx.tx, peer)
    if (row?.told === null) await setTold(ctx.tx, row.id, identity.generation)
    return change(ctx, peer, 'approve', (known) => equal(Buffer.from(known), Buffer.from(fingerprint)))
  },
})

export const suspendPeer = operation({
  name: 'federation.suspend_peer',
  summary: 'Suspend a peer: its messages are refused, and none is sent to it',
  input,
  output: peerSchema,
  access,
  audit,
  http: { method: 'POST', path: '/v1/mesh/peers/:peer/suspend' },
  example,
  problems: [problems.peer_state, doorProblems.not_found],
  run: (ctx, { peer }) => change(ctx, peer, 'suspend'),
})

export const revokePeer = operation({
  name: 'federation.revoke_peer',
  summary: 'Revoke a peer: its keys count for nothing any more',
  description: 'What comes from it is refused, also what was under way. It begins anew with a card whose fingerprint is compared again.',
  input,
  output: peerSchema,
  access,
  audit,
  http: { method: 'POST', path: '/v1/mesh/peers/:peer/revoke' },
  example,
  problems: [problems.peer_state, doorProblems.not_found],
  run: (ctx, { peer }) => change(ctx, peer, 'revoke'),
})

async function change(ctx: TransactionContext, name: string, event: PeerEvent, agrees: (fingerprint: string) => boolean = () => true) {
  const { tx, now, principal } = ctx
  const row = await lockPeer(tx, name)
  if (row === undefined) throw new Problem(doorProblems.not_found)
  if (!agrees(row.fingerprint)) return refuse(problems.fingerprint_differs)
  const state = peerLife.next(row.state, event)
  if (state === undefined) return refuse(problems.peer_state, `the peer is ${row.state}`)
  await setPeerState(tx, row.id, state, principal.id, now)
  await pollNow(tx, now)
  ctx.publish({ type: 'federation.peer_changed', subject: row.id, data: { peer: name, state } })
  const changed = await lockPeer(tx, name)
  return shownPeer(changed ?? row)
}
