/** The SQL of teams. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { writeRelations } from '../../access/index.ts'

type Tenant = Id<'tenant'>

export interface TeamRow {
  readonly id: Id<'team'>
  readonly name: string
  readonly external_id: string | null
  readonly created_at: Instant
  readonly members: Id<'user'>[]
}

const columns = `t.id, t.name, t.external_id, t.created_at,
  ARRAY(SELECT m.user_id::text FROM identity.team_member m WHERE m.tenant_id = t.tenant_id AND m.team_id = t.id ORDER BY m.user_id) AS members`

/** @returns false when the name, or the id elsewhere, is taken */
export async function insertTeam(tx: Tx, tenant: Tenant, team: Omit<TeamRow, 'members'>): Promise<boolean> {
  return (
    (await tx.change('INSERT INTO identity.team (tenant_id, id, name, external_id, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [
      tenant,
      team.id,
      team.name,
      team.external_id,
      team.created_at,
    ])) === 1
  )
}

export async function teamById(tx: Tx, tenant: Tenant, id: Id<'team'>): Promise<TeamRow | undefined> {
  return (await tx.query<TeamRow>(`SELECT ${columns} FROM identity.team t WHERE t.tenant_id = $1 AND t.id = $2`, [tenant, id]))[0]
}

export async function listTeamRows(tx: Tx, tenant: Tenant, after: string | undefined, limit: number): Promise<TeamRow[]> {
  return tx.query<TeamRow>(`SELECT ${columns} FROM identity.team t WHERE t.tenant_id = $1 AND ($2::uuid IS NULL OR t.id > $2) ORDER BY t.id LIMIT $3`, [
    tenant,
    after ?? null,
    limit,
  ])
}

/** Only people of the staff; whoever is none, or is unknown, stays out. Rights are asked of relations, so the change stands there too. */
export async function setMembers(tx: Tx, tenant: Tenant, { id: team, members }: Pick<TeamRow, 'id' | 'members'>, users: readonly string[]): Promise<void> {
  await tx.change('DELETE FROM identity.team_member WHERE tenant_id = $1 AND team_id = $2 AND user_id <> ALL($3::uuid[])', [tenant, team, users])
  await tx.change(
    `INSERT INTO identity.team_member (tenant_id, team_id, user_id)
     SELECT u.tenant_id, $2, u.id FROM identity.user u WHERE u.tenant_id = $1 AND u.id = ANY($3::uuid[]) AND u.partner_id IS NULL AND u.subject_id IS NULL
     ON CONFLICT DO NOTHING`,
    [tenant, team, users],
  )
  const now = (await teamById(tx, tenant, team))?.members ?? []
  await mirror(tx, tenant, team, now, members)
}

async function mirror(tx: Tx, tenant: Tenant, team: Id<'team'>, now: readonly string[], before: readonly string[]): Promise<void> {
  const member = (user: string) => ({ object: { type: 'team', id: team }, relation: 'member', subject: { type: 'staff', id: user } })
  const [touch, gone] = [now.filter((user) => !before.includes(user)).map(member), before.filter((user) => !now.includes(user)).map(member)]
  if (touch.length + gone.length > 0) await writeRelations(tx, tenant, { touch, delete: gone })
}

export async function deleteTeamRow(tx: Tx, tenant: Tenant, { id: team, members }: TeamRow): Promise<void> {
  await mirror(tx, tenant, team, [], members)
  await tx.change('DELETE FROM identity.team WHERE tenant_id = $1 AND id = $2', [tenant, team])
}

/** The teams that somebody of the staff is in. */
export async function teamsOf(tx: Tx, tenant: Tenant, user: string): Promise<Id<'team'>[]> {
  return (
    await tx.query<{ team_id: Id<'team'> }>('SELECT team_id FROM identity.team_member WHERE tenant_id = $1 AND user_id = $2 ORDER BY team_id', [tenant, user])
  ).map(({ team_id }) => team_id)
}

/** One of the staff into a team or out of it, whoever else comes or goes meanwhile. @returns whether that changed anything; a team that is not there changes nothing */
export async function placeInTeam(tx: Tx, tenant: Tenant, team: Id<'team'>, user: Id<'user'>, member: boolean): Promise<boolean> {
  const changed = member
    ? await tx.change(
        `INSERT INTO identity.team_member (tenant_id, team_id, user_id)
         SELECT t.tenant_id, t.id, u.id FROM identity.team t JOIN identity.user u ON u.tenant_id = t.tenant_id AND u.id = $3
         WHERE t.tenant_id = $1 AND t.id = $2 AND u.partner_id IS NULL AND u.subject_id IS NULL ON CONFLICT DO NOTHING`,
        [tenant, team, user],
      )
    : await tx.change('DELETE FROM identity.team_member WHERE tenant_id = $1 AND team_id = $2 AND user_id = $3', [tenant, team, user])
  if (changed === 1) await mirror(tx, tenant, team, member ? [user] : [], member ? [] : [user])
  return changed === 1
}
