import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Exemption } from '@gatehouse/policy/opt-out'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface OptOutRow {
  readonly subject_id: Id<'subject'>
  readonly id: Id<'opt_out'>
  readonly scope: 'all' | 'purpose' | 'data_class'
  /** Empty for all. */
  readonly term: string
  readonly source: 'person' | 'guardian' | 'staff' | 'import'
  readonly set_at: Instant
  readonly lifted_at: Instant | null
}

const columns = 'subject_id, id, scope, term, source, set_at, lifted_at'

/** Keeps each whose like is not in force already. @returns the ids of those that were kept */
export async function insertOptOuts(tx: Tx, rows: readonly OptOutRow[]): Promise<Set<string>> {
  const kept = await tx.query<{ id: string }>(
    `INSERT INTO consents.opt_out (tenant_id, subject_id, id, scope, term, source, set_at)
      SELECT $1, o.subject_id, o.id, o.scope, o.term, o.source, o.set_at
      FROM jsonb_to_recordset($2::jsonb) AS o(subject_id uuid, id uuid, scope text, term text, source text, set_at timestamptz)
      ORDER BY o.subject_id, o.scope, o.term
      ON CONFLICT (tenant_id, subject_id, scope, term) WHERE lifted_at IS NULL DO NOTHING
      RETURNING id`,
    [tx.tenant, JSON.stringify(rows)],
  )
  return new Set(kept.map(({ id }) => id))
}

/** In force, of as many people as are named. */
export function activeOptOuts(tx: Tx, subjects: readonly Id<'subject'>[]): Promise<OptOutRow[]> {
  return tx.query<OptOutRow>(
    {
      name: 'consents-opt-outs',
      text: `SELECT ${columns} FROM consents.opt_out WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]) AND lifted_at IS NULL ORDER BY subject_id, id`,
    },
    [tx.tenant, subjects],
  )
}

/** In force, of everybody. */
export function everyOptOut(tx: Tx): Promise<OptOutRow[]> {
  return tx.query<OptOutRow>(`SELECT ${columns} FROM consents.opt_out WHERE tenant_id = $1 AND lifted_at IS NULL ORDER BY subject_id, id`, [tx.tenant])
}

/** Newest first, lifted ones too. */
export function listOptOuts(tx: Tx, subject: Id<'subject'>, limit: number): Promise<OptOutRow[]> {
  return tx.query<OptOutRow>(`SELECT ${columns} FROM consents.opt_out WHERE tenant_id = $1 AND subject_id = $2 ORDER BY id DESC LIMIT $3`, [
    tx.tenant,
    subject,
    limit,
  ])
}

export async function liftOptOut(tx: Tx, subject: Id<'subject'>, id: Id<'opt_out'>, at: Instant, setBy?: OptOutRow['source']): Promise<OptOutRow | undefined> {
  const rows = await tx.query<OptOutRow>(
    `UPDATE consents.opt_out SET lifted_at = $4 WHERE tenant_id = $1 AND subject_id = $2 AND id = $3 AND lifted_at IS NULL
      AND ($5::text IS NULL OR source = $5) RETURNING ${columns}`,
    [tx.tenant, subject, id, at, setBy ?? null],
  )
  return rows[0]
}

export function deleteOptOuts(tx: Tx, subject: Id<'subject'>): Promise<number> {
  return tx.change('DELETE FROM consents.opt_out WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject])
}

export function exemptions(tx: Tx): Promise<Exemption[]> {
  return tx.query<Exemption>({ name: 'consents-exemptions', text: 'SELECT purpose, law FROM consents.exemption WHERE tenant_id = $1 ORDER BY purpose' }, [
    tx.tenant,
  ])
}

export async function writeExemption(tx: Tx, { purpose, law }: Exemption, at: Instant): Promise<void> {
  await tx.query(
    'INSERT INTO consents.exemption (tenant_id, purpose, law, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, purpose) DO UPDATE SET law = $3',
    [tx.tenant, purpose, law, at],
  )
}

export async function deleteExemption(tx: Tx, purpose: string): Promise<boolean> {
  return (await tx.change('DELETE FROM consents.exemption WHERE tenant_id = $1 AND purpose = $2', [tx.tenant, purpose])) === 1
}
