import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { settingsSchema, type Tenant } from './schema.ts'

interface TenantRow {
  readonly tenant_id: Id<'tenant'>
  readonly slug: string
  readonly name: string
  readonly settings: unknown
  readonly revision: number
  readonly created_at: Instant
}

const columns = 'tenant_id, slug, name, settings, revision, created_at'

/** Settings are parsed on the way out, so that a setting added later has its default in older rows. */
const tenantOf = ({ tenant_id, settings, ...row }: TenantRow): Tenant => ({ id: tenant_id, ...row, settings: settingsSchema.parse(settings) })

export async function readOwnTenant(tx: Tx): Promise<Tenant | undefined> {
  const [row] = await tx.query<TenantRow>({ name: 'tenancy-own', text: `SELECT ${columns} FROM tenancy.tenant WHERE tenant_id = $1` }, [tx.tenant])
  return row && tenantOf(row)
}

/** Holds the row until the act ends, so that of two changes the second sees the first. */
export async function lockOwnTenant(tx: Tx): Promise<Tenant | undefined> {
  const [row] = await tx.query<TenantRow>(`SELECT ${columns} FROM tenancy.tenant WHERE tenant_id = $1 FOR UPDATE`, [tx.tenant])
  return row && tenantOf(row)
}

export async function updateOwnTenant(tx: Tx, tenant: Tenant): Promise<void> {
  await tx.query('UPDATE tenancy.tenant SET name = $2, settings = $3, revision = $4 WHERE tenant_id = $1', [
    tx.tenant,
    tenant.name,
    JSON.stringify(tenant.settings),
    tenant.revision,
  ])
}

export async function insertTenant(tx: Tx, id: Id<'tenant'>, slug: string, name: string, settings: object, now: Instant): Promise<void> {
  await tx.query('INSERT INTO tenancy.tenant (tenant_id, slug, name, settings, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (slug) DO NOTHING', [
    id,
    slug,
    name,
    JSON.stringify(settings),
    now,
  ])
}

export async function findBySlug(tx: Tx, slug: string): Promise<Tenant | undefined> {
  const [row] = await tx.query<TenantRow>(`SELECT ${columns} FROM tenancy.tenant WHERE slug = $1`, [slug])
  return row && tenantOf(row)
}

/** Every institution of the node, oldest first. @throws TypeError outside the scope of the node, where one sees only oneself */
export async function listTenants(tx: Tx): Promise<Tenant[]> {
  if (tx.tenant !== 'node') throw new TypeError('tenants are listed in the scope of the node')
  return (await tx.query<TenantRow>({ name: 'tenancy-list', text: `SELECT ${columns} FROM tenancy.tenant ORDER BY tenant_id` })).map(tenantOf)
}
