import type { Id } from '@gatehouse/core/id'
import { addSeconds, instantMs, instantOf } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type AlertView, type Noise, noiseWeeks, type RuleView } from './schema.ts'
import { type AlertRow, measureNoise, type NoiseRow, type RuleRow } from './store.ts'

const weekSeconds = 7 * 86_400

/** Rules with their measured noise. */
export async function ruleViews(tx: Tx, rules: readonly RuleRow[], nowMs: number): Promise<RuleView[]> {
  const since = addSeconds(instantOf(nowMs), -noiseWeeks * weekSeconds)
  const measured = await measureNoise(
    tx,
    rules.map(({ id }) => id),
    since,
  )
  const byRule = new Map<Id<'alert_rule'>, NoiseRow>(measured.map((row) => [row.rule_id, row]))
  return rules.map(({ condition_version: _, ...rule }) => {
    const ageMs = nowMs - Math.max(instantMs(since), instantMs(rule.created_at))
    return { ...rule, noise: noiseOf(byRule.get(rule.id), ageMs / (weekSeconds * 1_000)) }
  })
}

/** A rule younger than a week is measured as if it were a week old: three alerts in its first hour are not five hundred a week. */
function noiseOf(row: NoiseRow | undefined, age: number): Noise {
  const weeks = Math.max(1, age)
  const { alerts, useful, noise, median } = row ?? { alerts: 0, useful: 0, noise: 0, median: null }
  const judged = useful + noise
  return {
    weeks,
    alerts,
    per_week: alerts / weeks,
    useful_share: judged === 0 ? null : useful / judged,
    noise_share: judged === 0 ? null : noise / judged,
    median_seconds_to_acknowledge: median,
  }
}

export function alertView(row: AlertRow): AlertView {
  return {
    id: row.id,
    rule: row.rule_id,
    rule_name: row.rule_name,
    kind: row.kind,
    channel: row.channel,
    about: { kind: row.about_kind, id: row.about_id },
    state: row.state,
    entry: row.entry_id,
    entry_index: row.entry_index,
    at: row.at,
    raised_at: row.raised_at,
    observed: row.observed,
    count: row.count,
    last_at: row.last_at,
    last_entry: row.last_entry_id,
    acknowledged_at: row.acknowledged_at,
    acknowledged_by: row.acknowledged_by,
    verdict: row.verdict,
    note: row.note,
    closed_at: row.closed_at,
    closed_by: row.closed_by,
  }
}
