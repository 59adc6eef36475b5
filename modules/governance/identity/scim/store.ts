/** The SQL of provisioning. A directory sees the people of its provider's proven domains and the teams that it made, and nobody and nothing else. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ProviderRow } from '../providers/store.ts'
import { anyProvider } from '../providers/store.ts'
import type { UserRow } from '../store.ts'
import type { TeamRow } from '../teams/store.ts'

type Tenant = Id<'tenant'>
type ProviderId = Id<'identity_provider'>

export type ScimUserRow = Pick<UserRow, 'id' | 'email' | 'name' | 'roles' | 'created_at' | 'disabled_at'> & { readonly external_id: string | null }
export type ScimTeamRow = TeamRow

export async function keepTokenHash(tx: Tx, tenant: Tenant, provider: ProviderId, hash: Uint8Array | null): Promise<boolean> {
  return (await tx.change('UPDATE identity.provider SET provisioning_hash = $3 WHERE tenant_id = $1 AND id = $2', [tenant, provider, hash])) === 1
}

/** In the node's scope: which provider's directory presents this token. */
export async function providerByToken(tx: Tx, hash: Uint8Array): Promise<ProviderRow | undefined> {
  const [row] = await tx.query<{ id: ProviderId }>('SELECT id FROM identity.provider WHERE provisioning_hash = $1', [hash])
  return row === undefined ? undefined : anyProvider(tx, row.id)
}

const userColumns = 'u.id, u.email, u.name, u.roles, u.created_at, u.disabled_at, u.external_id'
const visible = `u.tenant_id = $1 AND u.partner_id IS NULL AND u.subject_id IS NULL AND split_part(u.email, '@', 2) IN
  (SELECT d.domain FROM identity.provider_domain d WHERE d.tenant_id = $1 AND d.provider_id = $2 AND d.verified_at IS NOT NULL)`

export async function scimUsers(tx: Tx, tenant: Tenant, provider: ProviderId, max: number): Promise<ScimUserRow[]> {
  return tx.query<ScimUserRow>(`SELECT ${userColumns} FROM identity.user u WHERE ${visible} ORDER BY u.id LIMIT $3`, [tenant, provider, max])
}

/** Locked, so that of two changes the second sees the first. */
export async function lockScimUser(tx: Tx, tenant: Tenant, provider: ProviderId, id: string): Promise<ScimUserRow | undefined> {
  return (await tx.query<ScimUserRow>(`SELECT ${userColumns} FROM identity.user u WHERE ${visible} AND u.id = $3 FOR UPDATE`, [tenant, provider, id]))[0]
}

/** @returns false when somebody else has the address */
export async function renameUser(tx: Tx, tenant: Tenant, row: Pick<ScimUserRow, 'id' | 'email' | 'name' | 'external_id'>): Promise<boolean> {
  return (
    (await tx.change(
      `UPDATE identity.user SET email = $3, name = $4, external_id = $5 WHERE tenant_id = $1 AND id = $2
         AND NOT EXISTS (SELECT 1 FROM identity.user other WHERE other.tenant_id = $1 AND other.email = $3 AND other.id <> $2)`,
      [tenant, row.id, row.email, row.name, row.external_id],
    )) === 1
  )
}

const teamColumns = `t.id, t.name, t.external_id, t.created_at,
  ARRAY(SELECT m.user_id::text FROM identity.team_member m WHERE m.tenant_id = t.tenant_id AND m.team_id = t.id ORDER BY m.user_id) AS members`

export async function scimTeams(tx: Tx, tenant: Tenant, provider: ProviderId, max: number): Promise<ScimTeamRow[]> {
  return tx.query<ScimTeamRow>(`SELECT ${teamColumns} FROM identity.team t WHERE t.tenant_id = $1 AND t.provider_id = $2 ORDER BY t.id LIMIT $3`, [
    tenant,
    provider,
    max,
  ])
}

export async function lockScimTeam(tx: Tx, tenant: Tenant, provider: ProviderId, id: string): Promise<ScimTeamRow | undefined> {
  return (
    await tx.query<ScimTeamRow>(`SELECT ${teamColumns} FROM identity.team t WHERE t.tenant_id = $1 AND t.provider_id = $2 AND t.id = $3 FOR UPDATE`, [
      tenant,
      provider,
      id,
    ])
  )[0]
}

export async function adoptTeam(tx: Tx, tenant: Tenant, provider: ProviderId, team: Id<'team'>): Promise<void> {
  await tx.change('UPDATE identity.team SET provider_id = $3 WHERE tenant_id = $1 AND id = $2', [tenant, team, provider])
}

/** @returns false when the name, or the id there, is taken */
export async function renameTeam(tx: Tx, tenant: Tenant, { id, name, external_id }: Pick<TeamRow, 'id' | 'name' | 'external_id'>): Promise<boolean> {
  return (
    (await tx.change(
      `UPDATE identity.team SET name = $3, external_id = $4 WHERE tenant_id = $1 AND id = $2
         AND NOT EXISTS (SELECT 1 FROM identity.team o WHERE o.tenant_id = $1 AND o.id <> $2 AND (o.name = $3 OR o.external_id = $4))`,
      [tenant, id, name, external_id],
    )) === 1
  )
}
