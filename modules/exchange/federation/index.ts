/** The face of federation: envelopes between nodes. It knows nothing of what is in them. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { endedSince, type SentRow, sentById } from './messages/store.ts'
import { type Peer, shownPeer } from './peers/peer.ts'
import { listPeers, peerNamed as peerRow } from './peers/store.ts'
import { actsHere, joinOf, personOf } from './projects/store.ts'

export { ownIdentity } from './identity/own.ts'
export { mailboxLoop } from './mailboxes/loop.ts'
export { turn } from './mailboxes/turn.ts'
export { type Visited, visit, visitAll } from './mailboxes/visit.ts'
export { declareMessageKinds } from './messages/kinds.ts'
export { type Acting, tokenSeconds } from './messages/person-token.ts'
export { type Sending, send, versionForPeer } from './messages/send.ts'
export { federationModule } from './module.ts'
export type { Peer } from './peers/peer.ts'
export { openSealed, sealToPeer } from './sealed.ts'
export { peerLife, receivedLife, sentLife } from './states.ts'
export { actsHere, endedSince }

export async function peers(tx: Tx): Promise<Peer[]> {
  return Promise.all((await listPeers(tx)).map(shownPeer))
}

export async function peerNamed(tx: Tx, name: string): Promise<Peer | undefined> {
  const row = await peerRow(tx, name)
  return row === undefined ? undefined : shownPeer(row)
}

/** What became of a message so far. */
export async function messageState(tx: Tx, id: Id<'message'>): Promise<Pick<SentRow, 'state' | 'reason' | 'detail'> | undefined> {
  const row = await sentById(tx, id)
  return row === undefined ? undefined : { state: row.state, reason: row.reason, detail: row.detail }
}

/** Whether it has neither arrived nor come to an end: what lies beside it is still needed. */
export async function isOnItsWay(tx: Tx, id: Id<'message'>): Promise<boolean> {
  const state = (await sentById(tx, id))?.state
  return state === 'queued' || state === 'delivered'
}

/** The project of this institution in which a project of a peer acts here. */
export async function joinedProject(
  tx: Tx,
  { peer, foreignProject }: { readonly peer: string; readonly foreignProject: string },
): Promise<{ readonly project: Id<'project'> | null; readonly state: 'invited' | 'joined' | 'left' } | undefined> {
  const row = await joinOf(tx, peer, foreignProject)
  return row === undefined ? undefined : { project: row.project_id, state: row.state }
}

/** The account by which a person of a peer acts here, where administrators approved them in that project of the peer. */
export async function localPerson(
  tx: Tx,
  { peer, issuer, subject, project }: { readonly peer: string; readonly issuer: string; readonly subject: string; readonly project: string },
): Promise<Id<'user'> | undefined> {
  const row = await personOf(tx, { peer, issuer, subject, project })
  return row?.state === 'approved' ? (row.user_id ?? undefined) : undefined
}
