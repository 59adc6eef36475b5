/**
 * Removes every row of one institution, whatever module it belongs to: the catalogue names the tables, so none can be forgotten.
 * Triggers that keep the ledger and the vault from shrinking let it pass, and nobody else: the institution must stand in
 * `gatehouse.forgetting`, and the transaction must declare itself. Row-level security holds each statement to the one tenant.
 */
import type { Id } from '@gatehouse/core/id'
import type { Database, Tx } from './db.ts'

/** Rows of one statement, so that no transaction becomes long. */
const rowsPerStep = 5_000

/** Announces that the institution's rows are being removed. It is never taken back. */
export async function announceForgetting(tx: Tx, tenant: Id<'tenant'>): Promise<void> {
  await tx.change('INSERT INTO gatehouse.forgetting (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING', [tenant])
}

/** Tables that name a tenant, each before those that its foreign keys point to. */
export async function tenantTables(tx: Tx): Promise<string[]> {
  const [tables, edges] = await Promise.all([
    tx.query<{ name: string }>(
      `SELECT n.nspname || '.' || quote_ident(c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relforcerowsecurity ORDER BY 1`,
    ),
    tx.query<{ child: string; parent: string }>(
      `SELECT cn.nspname || '.' || quote_ident(c.relname) AS child, pn.nspname || '.' || quote_ident(p.relname) AS parent
        FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
        JOIN pg_class p ON p.oid = f.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE f.contype = 'f' AND f.conrelid <> f.confrelid`,
    ),
  ])
  const left = new Set(tables.map(({ name }) => name))
  const ordered: string[] = []
  while (left.size > 0) {
    const free = [...left].filter((name) => !edges.some(({ child, parent }) => parent === name && left.has(child)))
    if (free.length === 0) throw new Error('the foreign keys of the tables form a circle')
    for (const name of free) {
      left.delete(name)
      ordered.push(name)
    }
  }
  return ordered
}

/** @returns rows removed by table, of the tables that `of` picks */
export async function forgetTenantRows(database: Database, tenant: Id<'tenant'>, of: (table: string) => boolean): Promise<Record<string, number>> {
  const tables = (await database.transaction(tenant, tenantTables)).filter(of)
  const counts: Record<string, number> = {}
  for (const table of tables) {
    for (let removed = rowsPerStep; removed === rowsPerStep; ) {
      removed = await database.transaction(tenant, async (tx) => {
        await tx.query(`SET LOCAL gatehouse.forget TO '${tenant}'`)
        return tx.change(`DELETE FROM ${table} WHERE tenant_id = $1 AND ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE tenant_id = $1 LIMIT $2))`, [
          tenant,
          rowsPerStep,
        ])
      })
      if (removed > 0) counts[table] = (counts[table] ?? 0) + removed
    }
  }
  return counts
}

/** Tables that still hold a row of the institution. */
export async function rememberingTables(tx: Tx): Promise<string[]> {
  const tables = await tenantTables(tx)
  const left = await Promise.all(tables.map(async (table) => (await tx.query(`SELECT 1 FROM ${table} WHERE tenant_id = $1 LIMIT 1`, [tx.tenant])).length > 0))
  return tables.filter((_, place) => left[place])
}
