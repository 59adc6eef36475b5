/** The SQL of when a person's records came. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface SpanRow {
  readonly subject_id: Id<'subject'>
  readonly record_type: string | null
  readonly first_at: Instant
  readonly last_at: Instant
}

/** A person without a record has one row without a type. Of so many persons after a given one, in the order of their ids: when the first and the last record of each type came. */
export function spansAfter(tx: Tx, after: Id<'subject'> | undefined, persons: number): Promise<SpanRow[]> {
  return tx.query<SpanRow>(
    `SELECT h.subject_id, t.slug AS record_type, min(b.at) AS first_at, max(b.at) AS last_at
      FROM (SELECT subject_id FROM vault.head WHERE tenant_id = $1 AND ($2::uuid IS NULL OR subject_id > $2) ORDER BY subject_id LIMIT $3) h
      LEFT JOIN vault.block b ON b.tenant_id = $1 AND b.subject_id = h.subject_id
      LEFT JOIN vault.record_type t ON t.tenant_id = $1 AND t.id = b.record_type_id
      GROUP BY h.subject_id, t.slug ORDER BY h.subject_id, t.slug`,
    [tx.tenant, after ?? null, persons],
  )
}
