import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { View } from './schema.ts'

const columns = 'id, list, name, query, saved_at'

export function viewsOf(tx: Tx, user: string, list: string | undefined): Promise<View[]> {
  return tx.query<View>(
    `SELECT ${columns} FROM views.view WHERE tenant_id = $1 AND user_id = $2 AND ($3::text IS NULL OR list = $3) ORDER BY list, lower(name), id`,
    [tx.tenant, user, list ?? null],
  )
}

/** Makes the savings of one user happen one after the other, so that many at once do not pass the limit together. */
export async function lockViews(tx: Tx, user: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('views/' || $1, 0))`, [user])
}

/** Under a name that the user has for this list already the view is replaced, and keeps its id. */
export async function saveView(tx: Tx, user: string, view: View): Promise<View> {
  const rows = await tx.query<View>(
    `INSERT INTO views.view (tenant_id, user_id, ${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (tenant_id, user_id, list, name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at RETURNING ${columns}`,
    [tx.tenant, user, view.id, view.list, view.name, view.query, view.saved_at],
  )
  const [saved] = rows
  if (saved === undefined) throw new Error('a view was saved but is not in the answer')
  return saved
}

export async function deleteView(tx: Tx, user: string, id: Id<'view'>): Promise<boolean> {
  return (await tx.change('DELETE FROM views.view WHERE tenant_id = $1 AND user_id = $2 AND id = $3', [tx.tenant, user, id])) === 1
}
