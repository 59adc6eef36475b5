/** The only SQL of monitoring. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { queryBuilder, type Tx } from '@gatehouse/runtime/data/db'
import type { About } from './concern.ts'
import type { Condition } from './condition.ts'
import type { RuleState } from './evaluate.ts'
import type { AlertState, AlertView, Channel } from './schema.ts'

// --- The watch ---

export interface WatchRow {
  readonly own_next: number
  readonly node_next: number
  readonly gathered_until: Instant
  readonly mail_to: readonly string[]
  readonly revision: number
}

const watchColumns = 'own_next, node_next, gathered_until, mail_to, revision'

/** @returns false when it had begun before */
export async function beginWatch(tx: Tx, ownNext: number, nodeNext: number, now: Instant): Promise<boolean> {
  const made = await tx.change(
    'INSERT INTO monitoring.watch (tenant_id, own_next, node_next, gathered_until) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id) DO NOTHING',
    [tx.tenant, ownNext, nodeNext, now],
  )
  return made === 1
}

export async function readWatch(tx: Tx): Promise<WatchRow | undefined> {
  return (await tx.query<WatchRow>({ name: 'monitoring-watch', text: `SELECT ${watchColumns} FROM monitoring.watch WHERE tenant_id = $1` }, [tx.tenant]))[0]
}

/** Held until the transaction ends. */
export async function holdWatch(tx: Tx): Promise<WatchRow | undefined> {
  return (
    await tx.query<WatchRow>({ name: 'monitoring-hold-watch', text: `SELECT ${watchColumns} FROM monitoring.watch WHERE tenant_id = $1 FOR UPDATE` }, [
      tx.tenant,
    ])
  )[0]
}

/** In the node's scope. */
export function watchPlaces(tx: Tx): Promise<{ tenant: Id<'tenant'>; own_next: number; node_next: number }[]> {
  return tx.query({ name: 'monitoring-places', text: 'SELECT tenant_id AS tenant, own_next, node_next FROM monitoring.watch' })
}

export async function moveWatch(tx: Tx, log: 'own' | 'node', next: number): Promise<void> {
  await tx.query(`UPDATE monitoring.watch SET ${log === 'own' ? 'own_next' : 'node_next'} = $2 WHERE tenant_id = $1`, [tx.tenant, next])
}

export async function changeRecipients(tx: Tx, mailTo: readonly string[], revision: number): Promise<void> {
  await tx.query('UPDATE monitoring.watch SET mail_to = $2, revision = $3 WHERE tenant_id = $1', [tx.tenant, mailTo, revision])
}

// --- Rules ---

export interface RuleRow {
  readonly id: Id<'alert_rule'>
  readonly origin: string | null
  readonly name: string
  readonly description: string
  readonly condition: Condition
  readonly condition_version: number
  readonly channel: Channel
  readonly cool_down_seconds: number
  readonly revision: number
  readonly created_at: Instant
  readonly updated_at: Instant
  readonly retired_at: Instant | null
}

const ruleColumns = 'id, origin, name, description, condition, condition_version, channel, cool_down_seconds, revision, created_at, updated_at, retired_at'

/** @returns false when so many are there already */
export async function insertRule(
  tx: Tx,
  rule: Pick<RuleRow, 'id' | 'origin' | 'name' | 'description' | 'condition' | 'channel' | 'cool_down_seconds' | 'created_at'>,
  max: number,
): Promise<boolean> {
  const made = await tx.change(
    `INSERT INTO monitoring.rule (tenant_id, id, origin, name, description, condition, channel, cool_down_seconds, created_at, updated_at)
      SELECT $1, $2::uuid, $3, $4, $5, $6::jsonb, $7, $8::integer, $9::timestamptz, $9::timestamptz
      WHERE (SELECT count(*) FROM monitoring.rule WHERE tenant_id = $1 AND retired_at IS NULL) < $10`,
    [tx.tenant, rule.id, rule.origin, rule.name, rule.description, JSON.stringify(rule.condition), rule.channel, rule.cool_down_seconds, rule.created_at, max],
  )
  return made === 1
}

export function activeRules(tx: Tx): Promise<RuleRow[]> {
  return tx.query(
    { name: 'monitoring-active-rules', text: `SELECT ${ruleColumns} FROM monitoring.rule WHERE tenant_id = $1 AND retired_at IS NULL ORDER BY id` },
    [tx.tenant],
  )
}

export function listRules(tx: Tx, filter: { retired: boolean; after?: Id<'alert_rule'> | undefined }, limit: number): Promise<RuleRow[]> {
  return tx.query(
    `SELECT ${ruleColumns} FROM monitoring.rule
      WHERE tenant_id = $1 AND ($2 OR retired_at IS NULL) AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4`,
    [tx.tenant, filter.retired, filter.after ?? null, limit],
  )
}

export async function ruleById(tx: Tx, id: Id<'alert_rule'>, options: { lock?: boolean } = {}): Promise<RuleRow | undefined> {
  const lock = options.lock ? ' FOR UPDATE' : ''
  return (await tx.query<RuleRow>(`SELECT ${ruleColumns} FROM monitoring.rule WHERE tenant_id = $1 AND id = $2${lock}`, [tx.tenant, id]))[0]
}

export async function updateRule(tx: Tx, rule: RuleRow): Promise<void> {
  await tx.query(
    `UPDATE monitoring.rule SET name = $3, description = $4, condition = $5, condition_version = $6, channel = $7, cool_down_seconds = $8, revision = $9,
      updated_at = $10, retired_at = $11 WHERE tenant_id = $1 AND id = $2`,
    [
      tx.tenant,
      rule.id,
      rule.name,
      rule.description,
      JSON.stringify(rule.condition),
      rule.condition_version,
      rule.channel,
      rule.cool_down_seconds,
      rule.revision,
      rule.updated_at,
      rule.retired_at,
    ],
  )
}

export interface NoiseRow {
  readonly rule_id: Id<'alert_rule'>
  readonly alerts: number
  readonly useful: number
  readonly noise: number
  readonly median: number | null
}

export function measureNoise(tx: Tx, rules: readonly Id<'alert_rule'>[], since: Instant): Promise<NoiseRow[]> {
  return tx.query(
    `SELECT rule_id, count(*) AS alerts, count(*) FILTER (WHERE verdict = 'useful') AS useful, count(*) FILTER (WHERE verdict = 'noise') AS noise,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM acknowledged_at - raised_at)::float8) FILTER (WHERE acknowledged_at IS NOT NULL) AS median
      FROM monitoring.alert WHERE tenant_id = $1 AND rule_id = ANY($2::uuid[]) AND raised_at >= $3 GROUP BY rule_id`,
    [tx.tenant, rules, since],
  )
}

// --- States ---

export interface StateKey {
  readonly rule: Id<'alert_rule'>
  readonly version: number
  readonly about: string
}

export function loadStates(tx: Tx, keys: readonly StateKey[]): Promise<{ rule_id: Id<'alert_rule'>; about: string; state: RuleState }[]> {
  return tx.query(
    {
      name: 'monitoring-load-states',
      text: `SELECT s.rule_id, s.about, s.state FROM unnest($2::uuid[], $3::integer[], $4::text[]) AS k(rule_id, version, about)
        JOIN monitoring.state s ON s.tenant_id = $1 AND s.rule_id = k.rule_id AND s.condition_version = k.version AND s.about = k.about`,
    },
    [tx.tenant, keys.map(({ rule }) => rule), keys.map(({ version }) => version), keys.map(({ about }) => about)],
  )
}

export async function saveStates(tx: Tx, states: readonly (StateKey & { readonly state: RuleState; readonly expiresAt: Instant | null })[]): Promise<void> {
  await tx.query(
    {
      name: 'monitoring-save-states',
      text: `INSERT INTO monitoring.state (tenant_id, rule_id, condition_version, about, state, expires_at)
        SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::jsonb[], $6::timestamptz[])
        ON CONFLICT (tenant_id, rule_id, condition_version, about) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at`,
    },
    [
      tx.tenant,
      states.map(({ rule }) => rule),
      states.map(({ version }) => version),
      states.map(({ about }) => about),
      states.map(({ state }) => JSON.stringify(state)),
      states.map(({ expiresAt }) => expiresAt),
    ],
  )
}

/** Of a rule that is retired, or whose condition has changed. */
export async function forgetStates(tx: Tx, rule: Id<'alert_rule'>): Promise<void> {
  await tx.query('DELETE FROM monitoring.state WHERE tenant_id = $1 AND rule_id = $2', [tx.tenant, rule])
}

// --- Alerts ---

export type AlertRow = Omit<AlertView, 'rule' | 'about' | 'entry' | 'last_entry'> & {
  readonly rule_id: Id<'alert_rule'>
  readonly about_kind: About['kind']
  readonly about_id: string
  readonly entry_id: Id<'entry'>
  readonly last_entry_id: Id<'entry'>
}

const alertColumns = `id, rule_id, rule_name, kind, channel, about_kind, about_id, state, entry_id, entry_index, at, raised_at, observed, count, last_at,
  last_entry_id, acknowledged_at, acknowledged_by, verdict, note, closed_at, closed_by`

export interface NewAlert {
  readonly id: Id<'alert'>
  readonly rule: Pick<RuleRow, 'id' | 'name' | 'channel'>
  readonly kind: string
  readonly about: About
  readonly entry: Id<'entry'>
  readonly index: number
  readonly at: Instant
  readonly observed: number
}

export async function insertAlert(tx: Tx, alert: NewAlert, now: Instant): Promise<void> {
  await tx.query(
    {
      name: 'monitoring-insert-alert',
      text: `INSERT INTO monitoring.alert
        (tenant_id, id, rule_id, rule_name, kind, channel, about_kind, about_id, entry_id, entry_index, at, raised_at, observed, last_at, last_entry_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $11, $9)`,
    },
    [
      tx.tenant,
      alert.id,
      alert.rule.id,
      alert.rule.name,
      alert.kind,
      alert.rule.channel,
      alert.about.kind,
      alert.about.id,
      alert.entry,
      alert.index,
      alert.at,
      now,
      alert.observed,
    ],
  )
}

export interface Repeats {
  readonly rule: Id<'alert_rule'>
  readonly about: About
  /** The entry that raised the alert. */
  readonly raisedBy: Id<'entry'>
  readonly times: number
  readonly lastAt: Instant
  readonly lastEntry: Id<'entry'>
  readonly observed: number
}

export async function countRepeats(tx: Tx, { rule, about, raisedBy, times, lastAt, lastEntry, observed }: Repeats): Promise<void> {
  await tx.query(
    {
      name: 'monitoring-count-repeats',
      text: `UPDATE monitoring.alert SET count = count + $6, last_at = $7, last_entry_id = $8, observed = greatest(observed, $9)
        WHERE tenant_id = $1 AND rule_id = $2 AND about_kind = $3 AND about_id = $4 AND entry_id = $5`,
    },
    [tx.tenant, rule, about.kind, about.id, raisedBy, times, lastAt, lastEntry, observed],
  )
}

export async function alertById(tx: Tx, id: Id<'alert'>, options: { lock?: boolean } = {}): Promise<AlertRow | undefined> {
  const lock = options.lock ? ' FOR UPDATE' : ''
  return (await tx.query<AlertRow>(`SELECT ${alertColumns} FROM monitoring.alert WHERE tenant_id = $1 AND id = $2${lock}`, [tx.tenant, id]))[0]
}

export async function markAcknowledged(tx: Tx, id: Id<'alert'>, by: string, verdict: string, note: string | null, now: Instant): Promise<void> {
  await tx.query(
    `UPDATE monitoring.alert SET state = 'acknowledged', acknowledged_at = $3, acknowledged_by = $4, verdict = $5, note = $6 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenant, id, now, by, verdict, note],
  )
}

export async function markClosed(tx: Tx, id: Id<'alert'>, by: string, now: Instant): Promise<void> {
  await tx.query(`UPDATE monitoring.alert SET state = 'closed', closed_at = $3, closed_by = $4 WHERE tenant_id = $1 AND id = $2`, [tx.tenant, id, now, by])
}

export interface AlertFilter {
  readonly state?: AlertState | undefined
  readonly channel?: Channel | undefined
  readonly rule?: Id<'alert_rule'> | undefined
  readonly kind?: string | undefined
  readonly about?: string | undefined
  readonly since?: Instant | undefined
  readonly until?: Instant | undefined
  readonly demoted: boolean
}

type AlertTable = { 'monitoring.alert': { [K in keyof AlertRow]: AlertRow[K] } & { tenant_id: string } }
const build = queryBuilder<AlertTable>()

/** Newest first. */
export function listAlerts(tx: Tx, filter: AlertFilter, before: Id<'alert'> | undefined, limit: number): Promise<AlertRow[]> {
  let query = build.selectFrom('monitoring.alert').selectAll().where('tenant_id', '=', tx.tenant).orderBy('id', 'desc').limit(limit)
  const columns = [
    ['state', filter.state],
    ['channel', filter.channel],
    ['rule_id', filter.rule],
    ['kind', filter.kind],
    ['about_id', filter.about],
  ] as const
  for (const [column, value] of columns) if (value !== undefined) query = query.where(column, '=', value as never)
  if (!filter.demoted && filter.channel === undefined) query = query.where('channel', '<>', 'demoted')
  if (filter.since !== undefined) query = query.where('raised_at', '>=', filter.since)
  if (filter.until !== undefined) query = query.where('raised_at', '<', filter.until)
  if (before !== undefined) query = query.where('id', '<', before)
  return tx.run<AlertRow>(query.compile() as never)
}

export function countOpen(tx: Tx): Promise<{ channel: Channel; state: AlertState; count: number; oldest: Instant }[]> {
  return tx.query(
    `SELECT channel, state, count(*) AS count, min(raised_at) AS oldest FROM monitoring.alert
      WHERE tenant_id = $1 AND state <> 'closed' GROUP BY channel, state`,
    [tx.tenant],
  )
}

/** Marks what is to be told on the given morning, and moves the morning on. @returns how many of each rule nobody has looked at yet */
export async function gather(tx: Tx, until: Instant, now: Instant): Promise<{ rule_id: Id<'alert_rule'>; rule_name: string; alerts: number }[]> {
  await tx.query('UPDATE monitoring.watch SET gathered_until = $2 WHERE tenant_id = $1', [tx.tenant, until])
  return tx.query(
    `WITH gathered AS (
        UPDATE monitoring.alert SET gathered_at = $3
        WHERE tenant_id = $1 AND channel = 'next_working_day' AND state = 'raised' AND gathered_at IS NULL AND raised_at < $2 RETURNING rule_id, rule_name)
      SELECT rule_id, min(rule_name) AS rule_name, count(*) AS alerts FROM gathered GROUP BY rule_id ORDER BY rule_id`,
    [tx.tenant, until, now],
  )
}

// --- Tidying, for all tenants at once ---

export async function forgetStatesAndAlerts(tx: Tx, before: { states: Instant; alerts: Instant }): Promise<void> {
  await Promise.all([
    tx.query('DELETE FROM monitoring.state WHERE expires_at < $1', [before.states]),
    tx.query(`DELETE FROM monitoring.alert WHERE state = 'closed' AND closed_at < $1`, [before.alerts]),
  ])
}
