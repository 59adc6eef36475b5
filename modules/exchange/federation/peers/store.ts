import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { PeerState } from '../states.ts'

export interface PeerRow {
  readonly id: Id<'peer'>
  readonly name: string
  readonly state: PeerState
  readonly card: string
  readonly fingerprint: string
  readonly mailbox: string
  readonly previous_card: string | null
  readonly previous_until: Instant | null
  readonly knows: Readonly<Record<string, readonly number[]>>
  /** The generation of this node's keys that it knows. */
  readonly told: number | null
  readonly approved_by: string | null
  readonly approved_at: Instant | null
  readonly proposed_at: Instant
}

const columns = 'id, name, state, card, fingerprint, mailbox, previous_card, previous_until, knows, told, approved_by, approved_at, proposed_at'

export function listPeers(tx: Tx): Promise<PeerRow[]> {
  return tx.query<PeerRow>(`SELECT ${columns} FROM federation.peer WHERE tenant_id = $1 ORDER BY name`, [tx.tenant])
}

export async function peerNamed(tx: Tx, name: string): Promise<PeerRow | undefined> {
  const rows = await tx.query<PeerRow>({ name: 'federation-peer-named', text: `SELECT ${columns} FROM federation.peer WHERE tenant_id = $1 AND name = $2` }, [
    tx.tenant,
    name,
  ])
  return rows[0]
}

export async function peerById(tx: Tx, id: Id<'peer'>): Promise<PeerRow | undefined> {
  const rows = await tx.query<PeerRow>({ name: 'federation-peer', text: `SELECT ${columns} FROM federation.peer WHERE tenant_id = $1 AND id = $2` }, [
    tx.tenant,
    id,
  ])
  return rows[0]
}

/** Holds the peer until the act ends. */
export async function lockPeer(tx: Tx, name: string): Promise<PeerRow | undefined> {
  const rows = await tx.query<PeerRow>(`SELECT ${columns} FROM federation.peer WHERE tenant_id = $1 AND name = $2 FOR UPDATE`, [tx.tenant, name])
  return rows[0]
}

export async function insertPeer(tx: Tx, row: Pick<PeerRow, 'id' | 'name' | 'card' | 'fingerprint' | 'mailbox'>, now: Instant): Promise<boolean> {
  const added = await tx.change(
    `INSERT INTO federation.peer (tenant_id, id, name, state, card, fingerprint, mailbox, proposed_at, changed_at)
      VALUES ($1, $2, $3, 'proposed', $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING`,
    [tx.tenant, row.id, row.name, row.card, row.fingerprint, row.mailbox, now],
  )
  return added === 1
}

/** A card to be looked at anew, in the place of one that nobody approved or that was revoked. */
export async function proposeAgain(tx: Tx, row: Pick<PeerRow, 'id' | 'card' | 'fingerprint' | 'mailbox'>, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE federation.peer SET state = 'proposed', card = $3, fingerprint = $4, mailbox = $5, previous_card = NULL, previous_until = NULL, told = NULL,
        approved_by = NULL, approved_at = NULL, proposed_at = $6, changed_at = $6
      WHERE tenant_id = $1 AND id = $2`,
    [tx.tenant, row.id, row.card, row.fingerprint, row.mailbox, now],
  )
}

export async function setPeerState(tx: Tx, id: Id<'peer'>, state: PeerState, by: string, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE federation.peer SET state = $3, changed_at = $5, approved_by = CASE WHEN $3 = 'approved' THEN $4 ELSE approved_by END,
        approved_at = CASE WHEN $3 = 'approved' THEN $5 ELSE approved_at END
      WHERE tenant_id = $1 AND id = $2`,
    [tx.tenant, id, state, by, now],
  )
}

/** The next card of a peer; what was signed by the key before it counts for a while. */
export async function replaceCard(tx: Tx, id: Id<'peer'>, next: { card: string; fingerprint: string; until: Instant | null }, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE federation.peer SET previous_card = CASE WHEN $5::timestamptz IS NULL THEN previous_card ELSE card END,
        previous_until = coalesce($5, previous_until), card = $3, fingerprint = $4, changed_at = $6 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenant, id, next.card, next.fingerprint, next.until, now],
  )
}

export async function noteKnown(tx: Tx, id: Id<'peer'>, kind: string, versions: readonly number[]): Promise<void> {
  await tx.query('UPDATE federation.peer SET knows = knows || jsonb_build_object($3::text, $4::jsonb) WHERE tenant_id = $1 AND id = $2', [
    tx.tenant,
    id,
    kind,
    JSON.stringify(versions),
  ])
}

/** What it was shown when it was approved first, or has said to know since. */
export async function setTold(tx: Tx, id: Id<'peer'>, generation: number): Promise<void> {
  await tx.query('UPDATE federation.peer SET told = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, generation])
}
