import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Profile } from './schema.ts'

export interface ProfileRow {
  readonly schema_version: number
  readonly profile: Profile
}

export async function putProfile(tx: Tx, table: Id<'table'>, { schema_version, profile }: ProfileRow): Promise<void> {
  await tx.change(
    `INSERT INTO catalog.profile (tenant_id, table_id, schema_version, profile, measured_at) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (tenant_id, table_id) DO UPDATE SET schema_version = excluded.schema_version, profile = excluded.profile, measured_at = excluded.measured_at`,
    [tx.tenant, table, schema_version, JSON.stringify(profile), profile.measured_at],
  )
}

export async function profileRows(tx: Tx, tables: readonly Id<'table'>[]): Promise<ReadonlyMap<Id<'table'>, ProfileRow>> {
  const rows = await tx.query<ProfileRow & { table_id: Id<'table'> }>(
    'SELECT table_id, schema_version, profile FROM catalog.profile WHERE tenant_id = $1 AND table_id = ANY($2::uuid[])',
    [tx.tenant, tables],
  )
  return new Map(rows.map(({ table_id, ...row }) => [table_id, row]))
}
