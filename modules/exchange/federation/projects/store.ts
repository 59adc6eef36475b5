import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export const joinStates = ['invited', 'joined', 'left'] as const
export type JoinState = (typeof joinStates)[number]
export const personStates = ['proposed', 'approved', 'revoked'] as const
export type PersonState = (typeof personStates)[number]

export interface JoinRow {
  readonly peer_id: Id<'peer'>
  readonly peer: string
  readonly foreign_project: string
  readonly title: string
  readonly purpose: string
  readonly state: JoinState
  readonly project_id: Id<'project'> | null
  readonly invited_at: Instant
}

const joinColumns = 'j.peer_id, p.name AS peer, j.foreign_project, j.title, j.purpose, j.state, j.project_id, j.invited_at'
const joins = 'federation.project j JOIN federation.peer p ON p.tenant_id = j.tenant_id AND p.id = j.peer_id'

export function listJoins(tx: Tx): Promise<JoinRow[]> {
  return tx.query<JoinRow>(`SELECT ${joinColumns} FROM ${joins} WHERE j.tenant_id = $1 ORDER BY p.name, j.invited_at, j.foreign_project`, [tx.tenant])
}

export async function joinOf(tx: Tx, peer: string, foreignProject: string): Promise<JoinRow | undefined> {
  const rows = await tx.query<JoinRow>(`SELECT ${joinColumns} FROM ${joins} WHERE j.tenant_id = $1 AND p.name = $2 AND j.foreign_project = $3`, [
    tx.tenant,
    peer,
    foreignProject,
  ])
  return rows[0]
}

export async function countJoins(tx: Tx, peer: Id<'peer'>): Promise<number> {
  const [row] = await tx.query<{ count: number }>('SELECT count(*) FROM federation.project WHERE tenant_id = $1 AND peer_id = $2', [tx.tenant, peer])
  return row?.count ?? 0
}

/** An invitation again changes the words and never the state. */
export async function putInvitation(tx: Tx, row: Pick<JoinRow, 'peer_id' | 'foreign_project' | 'title' | 'purpose'>, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO federation.project (tenant_id, peer_id, foreign_project, title, purpose, state, invited_at, changed_at)
      VALUES ($1, $2, $3, $4, $5, 'invited', $6, $6)
      ON CONFLICT (tenant_id, peer_id, foreign_project) DO UPDATE SET title = $4, purpose = $5`,
    [tx.tenant, row.peer_id, row.foreign_project, row.title, row.purpose, now],
  )
}

export async function setJoin(tx: Tx, row: Pick<JoinRow, 'peer_id' | 'foreign_project' | 'state' | 'project_id'>, now: Instant): Promise<void> {
  await tx.query('UPDATE federation.project SET state = $4, project_id = $5, changed_at = $6 WHERE tenant_id = $1 AND peer_id = $2 AND foreign_project = $3', [
    tx.tenant,
    row.peer_id,
    row.foreign_project,
    row.state,
    row.project_id,
    now,
  ])
}

export interface PersonRow {
  readonly id: Id<'member'>
  readonly peer_id: Id<'peer'>
  readonly peer: string
  readonly issuer: string
  readonly subject: string
  readonly foreign_project: string
  readonly name: string
  readonly state: PersonState
  readonly user_id: Id<'user'> | null
  readonly proposed_at: Instant
}

const personColumns = 'h.id, h.peer_id, p.name AS peer, h.issuer, h.subject, h.foreign_project, h.name, h.state, h.user_id, h.proposed_at'
const persons = 'federation.person h JOIN federation.peer p ON p.tenant_id = h.tenant_id AND p.id = h.peer_id'

export function listPersons(tx: Tx): Promise<PersonRow[]> {
  return tx.query<PersonRow>(`SELECT ${personColumns} FROM ${persons} WHERE h.tenant_id = $1 ORDER BY p.name, h.proposed_at, h.id`, [tx.tenant])
}

export async function countPersons(tx: Tx, peer: Id<'peer'>): Promise<number> {
  const [row] = await tx.query<{ count: number }>('SELECT count(*) FROM federation.person WHERE tenant_id = $1 AND peer_id = $2', [tx.tenant, peer])
  return row?.count ?? 0
}

export async function lockPerson(tx: Tx, id: string): Promise<PersonRow | undefined> {
  const rows = await tx.query<PersonRow>(`SELECT ${personColumns} FROM ${persons} WHERE h.tenant_id = $1 AND h.id = $2 FOR UPDATE OF h`, [tx.tenant, id])
  return rows[0]
}

export async function personOf(
  tx: Tx,
  { peer, issuer, subject, project }: { readonly peer: string; readonly issuer: string; readonly subject: string; readonly project: string },
): Promise<PersonRow | undefined> {
  const rows = await tx.query<PersonRow>(
    `SELECT ${personColumns} FROM ${persons} WHERE h.tenant_id = $1 AND p.name = $2 AND h.issuer = $3 AND h.subject = $4 AND h.foreign_project = $5`,
    [tx.tenant, peer, issuer, subject, project],
  )
  return rows[0]
}

/** The account by which the same person acts in another project of that peer. */
export async function accountOfPerson(tx: Tx, peer: Id<'peer'>, issuer: string, subject: string): Promise<Id<'user'> | undefined> {
  const [row] = await tx.query<{ user_id: Id<'user'> }>(
    'SELECT user_id FROM federation.person WHERE tenant_id = $1 AND peer_id = $2 AND issuer = $3 AND subject = $4 AND user_id IS NOT NULL LIMIT 1',
    [tx.tenant, peer, issuer, subject],
  )
  return row?.user_id
}

/** Whether an account of a person of a peer acts in a project of this institution: by an approval that stands, and where the project is joined. */
export async function actsHere(
  tx: Tx,
  { peer, user, project }: { readonly peer: string; readonly user: string; readonly project: Id<'project'> },
): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM ${persons} JOIN federation.project j ON j.tenant_id = h.tenant_id AND j.peer_id = h.peer_id AND j.foreign_project = h.foreign_project
      WHERE h.tenant_id = $1 AND p.name = $2 AND h.user_id = $3 AND h.state = 'approved' AND j.project_id = $4 AND j.state = 'joined' LIMIT 1`,
    [tx.tenant, peer, user, project],
  )
  return rows.length > 0
}

export async function insertPerson(
  tx: Tx,
  row: Pick<PersonRow, 'id' | 'peer_id' | 'issuer' | 'subject' | 'foreign_project' | 'name'>,
  now: Instant,
): Promise<void> {
  await tx.query(
    `INSERT INTO federation.person (tenant_id, id, peer_id, issuer, subject, foreign_project, name, state, proposed_at, changed_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, 'proposed', $8, $8) ON CONFLICT DO NOTHING`,
    [tx.tenant, row.id, row.peer_id, row.issuer, row.subject, row.foreign_project, row.name, now],
  )
}

export async function setPerson(tx: Tx, { id, state, user_id }: Pick<PersonRow, 'id' | 'state' | 'user_id'>, now: Instant): Promise<void> {
  await tx.query('UPDATE federation.person SET state = $3, user_id = $4, changed_at = $5 WHERE tenant_id = $1 AND id = $2', [
    tx.tenant,
    id,
    state,
    user_id,
    now,
  ])
}

export interface InvitedRow {
  readonly project_id: Id<'project'>
  readonly peer: string
  readonly state: JoinState
  readonly changed_at: Instant
}

export function listInvited(tx: Tx): Promise<InvitedRow[]> {
  return tx.query<InvitedRow>(
    `SELECT i.project_id, p.name AS peer, i.state, i.changed_at FROM federation.invited i JOIN federation.peer p ON p.tenant_id = i.tenant_id AND p.id = i.peer_id
      WHERE i.tenant_id = $1 ORDER BY i.project_id, p.name`,
    [tx.tenant],
  )
}

/** An invitation again leaves the answer as it was. */
export async function putInvited(tx: Tx, project: Id<'project'>, peer: Id<'peer'>, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO federation.invited (tenant_id, peer_id, project_id, state, changed_at) VALUES ($1, $2, $3, 'invited', $4) ON CONFLICT DO NOTHING`,
    [tx.tenant, peer, project, now],
  )
}

/** @returns false where it was never invited */
export async function setInvited(tx: Tx, project: string, peer: Id<'peer'>, state: JoinState, now: Instant): Promise<boolean> {
  const changed = await tx.change('UPDATE federation.invited SET state = $4, changed_at = $5 WHERE tenant_id = $1 AND project_id = $2 AND peer_id = $3', [
    tx.tenant,
    project,
    peer,
    state,
    now,
  ])
  return changed === 1
}
