/** The node's own map as boxes and lines. Pure; words are the page's. */
import type { MapEdge, MapNode } from './layout.ts'
import type { MeshMap, Peer } from './queries.ts'

export interface MapWords {
  readonly self: string
  readonly selfState: string
  readonly mailbox: (address: string) => string
  readonly standing: (mailbox: MeshMap['mailboxes'][number]) => string
  readonly asked: (at: string | null) => string
  readonly peerState: (state: Peer['state']) => string
  readonly heard: (at: string | null) => string
}

const peerTones = { proposed: 'waiting', approved: 'good', suspended: 'stopped', revoked: 'stopped' } as const

const selfId = 'self'
const mailboxId = (address: string) => `mailbox ${address}`

/** Where the mailbox of a peer is this node's own, nothing stands between them. */
export function mapOf(map: MeshMap, words: MapWords): { readonly nodes: readonly MapNode[]; readonly edges: readonly MapEdge[] } {
  const on = (peer: string, direction: 'out' | 'in') => map.travelling.filter((one) => one.peer === peer && one.direction === direction).length
  const shown = map.peers.filter(({ state }) => state !== 'revoked')
  const known = new Set(map.mailboxes.map(({ address }) => address))
  const sum = (peers: readonly Peer[], direction: 'out' | 'in') => peers.reduce((total, { name }) => total + on(name, direction), 0)
  return {
    nodes: [
      {
        id: selfId,
        kind: 'self',
        label: map.self?.name ?? words.self,
        state: words.selfState,
        tone: map.self === null ? 'waiting' : 'good',
        detail: map.self?.title ?? '',
      },
      ...map.mailboxes.map(
        (mailbox): MapNode => ({
          id: mailboxId(mailbox.address),
          kind: 'mailbox',
          label: words.mailbox(mailbox.address),
          state: words.standing(mailbox),
          tone: mailbox.failures > 0 ? 'stopped' : mailbox.standing === 'proposed' ? 'waiting' : 'good',
          detail: words.asked(mailbox.last_poll_at),
        }),
      ),
      ...shown.map(
        (peer): MapNode => ({
          id: peer.name,
          kind: 'peer',
          label: peer.name,
          state: words.peerState(peer.state),
          tone: peerTones[peer.state],
          detail: words.heard(peer.last_heard_at),
        }),
      ),
    ],
    edges: [
      ...map.mailboxes.map(({ address }): MapEdge => {
        const behind = shown.filter(({ mailbox }) => mailbox === address)
        return { from: selfId, to: mailboxId(address), out: sum(behind, 'out'), in: sum(behind, 'in') }
      }),
      ...shown.map(({ name, mailbox }): MapEdge => {
        return { from: known.has(mailbox) ? mailboxId(mailbox) : selfId, to: name, out: on(name, 'out'), in: on(name, 'in') }
      }),
    ],
  }
}
