import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { limits } from '../schema.ts'
import type { ProjectSettings } from './schema.ts'

export const settingsByDefault: ProjectSettings = {
  epsilon_total: limits.epsilonDefault,
  floor: limits.floorDefault,
  clean_results: 'reviewed',
  questions_per_day: limits.questionsPerDayDefault,
  linkage_unit: false,
}

export async function settingsOf(tx: Tx, project: Id<'project'>): Promise<ProjectSettings> {
  const rows = await tx.query<Omit<ProjectSettings, 'epsilon_total'> & { epsilon_total: string }>(
    'SELECT epsilon_total, floor, clean_results, questions_per_day, linkage_unit FROM query.setting WHERE tenant_id = $1 AND project_id = $2',
    [tx.tenant, project],
  )
  return rows[0] === undefined ? settingsByDefault : { ...rows[0], epsilon_total: Number(rows[0].epsilon_total) }
}

export async function setSettings(tx: Tx, project: Id<'project'>, settings: ProjectSettings): Promise<void> {
  const { epsilon_total, floor, clean_results, questions_per_day, linkage_unit } = settings
  await tx.change(
    `INSERT INTO query.setting (tenant_id, project_id, epsilon_total, floor, clean_results, questions_per_day, linkage_unit) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (tenant_id, project_id) DO UPDATE SET epsilon_total = $3, floor = $4, clean_results = $5, questions_per_day = $6, linkage_unit = $7`,
    [tx.tenant, project, epsilon_total, floor, clean_results, questions_per_day, linkage_unit],
  )
}

const dayOf = (at: Instant) => at.slice(0, 10)

export async function questionsOn(tx: Tx, project: Id<'project'>, at: Instant): Promise<number> {
  const rows = await tx.query<{ asked: number }>('SELECT asked FROM query.question WHERE tenant_id = $1 AND project_id = $2 AND day = $3::date', [
    tx.tenant,
    project,
    dayOf(at),
  ])
  return rows[0]?.asked ?? 0
}

/** @returns false where as many were asked on that day as may be; it is not counted then */
export async function spendQuestion(tx: Tx, project: Id<'project'>, at: Instant, perDay: number): Promise<boolean> {
  if (perDay < 1) return false
  const spent = await tx.change(
    `INSERT INTO query.question AS before (tenant_id, project_id, day, asked) VALUES ($1, $2, $3::date, 1)
      ON CONFLICT (tenant_id, project_id) DO UPDATE SET day = $3::date, asked = CASE WHEN before.day = $3::date THEN before.asked + 1 ELSE 1 END
        WHERE before.day <> $3::date OR before.asked < $4`,
    [tx.tenant, project, dayOf(at), perDay],
  )
  return spent === 1
}

export async function epsilonSpent(tx: Tx, project: Id<'project'>): Promise<number> {
  const rows = await tx.query<{ sum: string | null }>('SELECT sum(epsilon) FROM query.charge WHERE tenant_id = $1 AND project_id = $2', [tx.tenant, project])
  return Number(rows[0]?.sum ?? 0)
}

/**
 * Charges a run once, however often it is begun again. Runs of a project are counted one after the other.
 * @returns false where the budget does not cover it; nothing is charged then
 */
export async function charge(tx: Tx, project: Id<'project'>, run: Id<'query_run'>, epsilon: number, total: number, at: Instant): Promise<boolean> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`query budget ${tx.tenant} ${project}`])
  const charged = await tx.change(
    `INSERT INTO query.charge (tenant_id, project_id, run_id, epsilon, charged_at)
      SELECT $1, $2, $3, $4::numeric, $6 WHERE (SELECT coalesce(sum(epsilon), 0) FROM query.charge WHERE tenant_id = $1 AND project_id = $2 AND run_id <> $3) + $4::numeric <= $5::numeric
      ON CONFLICT (tenant_id, project_id, run_id) DO NOTHING`,
    [tx.tenant, project, run, epsilon, total, at],
  )
  if (charged === 1) {
    await tx.change('UPDATE query.run SET epsilon = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, run, epsilon])
    return true
  }
  const before = await tx.query('SELECT 1 FROM query.charge WHERE tenant_id = $1 AND project_id = $2 AND run_id = $3', [tx.tenant, project, run])
  return before.length === 1
}
