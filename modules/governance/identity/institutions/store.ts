/** The SQL of institutions as operators see them: how many people, and nobody by name. In the scope of the node. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface Staffing {
  readonly tenant_id: Id<'tenant'>
  readonly staff: number
}

const staffing = `SELECT u.tenant_id, count(*)::int AS staff FROM identity.user u
  WHERE u.partner_id IS NULL AND u.subject_id IS NULL AND u.disabled_at IS NULL
    AND EXISTS (SELECT 1 FROM identity.account a WHERE a.tenant_id = u.tenant_id AND a.user_id = u.id)`

export async function staffOfAll(tx: Tx): Promise<Map<Id<'tenant'>, Staffing>> {
  const rows = await tx.query<Staffing>(`${staffing} GROUP BY u.tenant_id`)
  return new Map(rows.map((row) => [row.tenant_id, row]))
}

/** Whether anybody of the institution was ever able to sign in, also somebody whose account is closed today. */
export async function isClaimed(tx: Tx, tenant: Id<'tenant'>): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM identity.account WHERE tenant_id = $1 LIMIT 1', [tenant])).length > 0
}

/**
 * Of two who invite the first administrator of one institution the second waits. So does whoever is about to take up an invitation, or we for
 * them: what was taken up before is seen by the next statement.
 */
export async function lockInstitution(tx: Tx, tenant: Id<'tenant'>): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('identity/institution/' || $1::text, 0))`, [tenant])
  await tx.query('SELECT id FROM identity.invitation WHERE tenant_id = $1 FOR UPDATE', [tenant])
}

/** Accounts that were invited; where nobody has claimed the institution they make room for whoever is invited in their place. */
export async function invitedAccounts(tx: Tx, tenant: Id<'tenant'>): Promise<Id<'user'>[]> {
  return (await tx.query<{ id: Id<'user'> }>('SELECT id FROM identity.user WHERE tenant_id = $1', [tenant])).map(({ id }) => id)
}
