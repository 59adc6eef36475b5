/** The SQL of the rules. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Rule } from './schema.ts'

const columns = 'id, record_type, months, counts_from, action, set_by, set_at'

export function listRules(tx: Tx): Promise<Rule[]> {
  return tx.query<Rule>(`SELECT ${columns} FROM retention.rule WHERE tenant_id = $1 ORDER BY record_type`, [tx.tenant])
}

/** @returns the rule as it stands; one that was there keeps its id */
export async function putRule(tx: Tx, rule: Rule): Promise<Rule> {
  const [kept] = await tx.query<Rule>(
    `INSERT INTO retention.rule (tenant_id, ${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (tenant_id, record_type) DO UPDATE SET months = excluded.months, counts_from = excluded.counts_from, action = excluded.action,
        set_by = excluded.set_by, set_at = excluded.set_at RETURNING ${columns}`,
    [tx.tenant, rule.id, rule.record_type, rule.months, rule.counts_from, rule.action, rule.set_by, rule.set_at],
  )
  return kept ?? rule
}

export async function deleteRule(tx: Tx, recordType: string): Promise<Rule | undefined> {
  const rows = await tx.query<Rule>(`DELETE FROM retention.rule WHERE tenant_id = $1 AND record_type = $2 RETURNING ${columns}`, [tx.tenant, recordType])
  return rows[0]
}

/** In the node's scope: the institutions that have rules. */
export async function tenantsWithRules(tx: Tx): Promise<Id<'tenant'>[]> {
  const rows = await tx.query<{ tenant_id: Id<'tenant'> }>('SELECT DISTINCT tenant_id FROM retention.rule ORDER BY tenant_id')
  return rows.map(({ tenant_id }) => tenant_id)
}

export async function giveReprieve(tx: Tx, subject: Id<'subject'>, until: Instant): Promise<void> {
  await tx.change(
    `INSERT INTO retention.reprieve (tenant_id, subject_id, until) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, subject_id) DO UPDATE SET until = excluded.until`,
    [tx.tenant, subject, until],
  )
}

export async function sparedAmong(tx: Tx, subjects: readonly Id<'subject'>[], now: Instant): Promise<Set<Id<'subject'>>> {
  const rows = await tx.query<{ subject_id: Id<'subject'> }>(
    'SELECT subject_id FROM retention.reprieve WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]) AND until > $3',
    [tx.tenant, subjects, now],
  )
  return new Set(rows.map(({ subject_id }) => subject_id))
}

export function forgetReprieve(tx: Tx, subject: Id<'subject'>): Promise<number> {
  return tx.change('DELETE FROM retention.reprieve WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject])
}

/** Of these, whose erasure is asked for, under way, or done. */
export async function erasingAmong(tx: Tx, subjects: readonly Id<'subject'>[]): Promise<Set<Id<'subject'>>> {
  const rows = await tx.query<{ subject_id: Id<'subject'> }>(
    `SELECT subject_id FROM retention.erasure WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]) AND state <> 'withdrawn'`,
    [tx.tenant, subjects],
  )
  return new Set(rows.map(({ subject_id }) => subject_id))
}
