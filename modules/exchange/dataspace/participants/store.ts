import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface ParticipantRow {
  readonly id: Id<'participant'>
  readonly partner_id: Id<'partner'>
  readonly participant_id: string
  readonly address: string
  readonly place: string | null
  readonly state: 'active' | 'paused'
  readonly registered_by: string
  readonly created_at: Instant
}
const columns = 'id, partner_id, participant_id, address, place, state, registered_by, created_at'

/** @returns false when the partner has one */
export async function insertParticipant(tx: Tx, row: ParticipantRow): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO dataspace.participant (tenant_id, ${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, partner_id) DO NOTHING`,
    [tx.tenant, row.id, row.partner_id, row.participant_id, row.address, row.place, row.state, row.registered_by, row.created_at],
  )
  return inserted === 1
}

export async function participantOf(tx: Tx, partner: Id<'partner'>): Promise<ParticipantRow | undefined> {
  return (await tx.query<ParticipantRow>(`SELECT ${columns} FROM dataspace.participant WHERE tenant_id = $1 AND partner_id = $2`, [tx.tenant, partner]))[0]
}

export async function lockParticipant(tx: Tx, id: Id<'participant'>): Promise<ParticipantRow | undefined> {
  return (await tx.query<ParticipantRow>(`SELECT ${columns} FROM dataspace.participant WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tx.tenant, id]))[0]
}

export function listParticipants(tx: Tx): Promise<ParticipantRow[]> {
  return tx.query<ParticipantRow>(`SELECT ${columns} FROM dataspace.participant WHERE tenant_id = $1 ORDER BY id`, [tx.tenant])
}

export async function updateParticipant(
  tx: Tx,
  row: Pick<ParticipantRow, 'id' | 'participant_id' | 'address' | 'place' | 'state' | 'registered_by'>,
): Promise<void> {
  await tx.query(
    'UPDATE dataspace.participant SET participant_id = $3, address = $4, place = $5, state = $6, registered_by = $7 WHERE tenant_id = $1 AND id = $2',
    [tx.tenant, row.id, row.participant_id, row.address, row.place, row.state, row.registered_by],
  )
}

export async function deleteParticipant(tx: Tx, id: Id<'participant'>): Promise<void> {
  await tx.query('DELETE FROM dataspace.participant WHERE tenant_id = $1 AND id = $2', [tx.tenant, id])
}
