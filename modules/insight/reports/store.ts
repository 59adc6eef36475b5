/** The only SQL of the reports. Statements over spans have no name: a named one would keep the plan of the empty table. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type Additions, type LatencyRow, nobodysPartner } from './fold.ts'
import type { Grain } from './grain.ts'
import type { Outcome, TimedOperation } from './outcome.ts'

// --- Counting ---

/** The place in the log from which on nothing is counted yet; held until the transaction ends, so that one process counts at a time. */
export async function holdCursor(tx: Tx): Promise<number> {
  const [, rows] = await Promise.all([
    tx.query({ name: 'reports-begin', text: 'INSERT INTO reports.cursor (tenant_id, next_index) VALUES ($1, 0) ON CONFLICT DO NOTHING' }, [tx.tenant]),
    tx.query<{ next_index: number }>({ name: 'reports-hold', text: 'SELECT next_index FROM reports.cursor WHERE tenant_id = $1 FOR UPDATE' }, [tx.tenant]),
  ])
  return rows[0]?.next_index ?? 0
}

export async function readCursor(tx: Tx): Promise<number> {
  const rows = await tx.query<{ next_index: number }>({ name: 'reports-cursor', text: 'SELECT next_index FROM reports.cursor WHERE tenant_id = $1' }, [
    tx.tenant,
  ])
  return rows[0]?.next_index ?? 0
}

export async function moveCursor(tx: Tx, next: number): Promise<void> {
  await tx.query({ name: 'reports-move', text: 'UPDATE reports.cursor SET next_index = $2 WHERE tenant_id = $1' }, [tx.tenant, next])
}

const addCounters = {
  name: 'reports-add-counters',
  text: `INSERT INTO reports.counter AS c (tenant_id, grain, at, partner_id, purpose, outcome, field, reason, count, bytes)
    SELECT $1, grain, at, partner_id, purpose, outcome, field, reason, count, bytes
    FROM jsonb_to_recordset($2::jsonb) AS r(grain text, at timestamptz, partner_id uuid, purpose text, outcome text, field text, reason text, count bigint, bytes bigint)
    ON CONFLICT (tenant_id, grain, at, outcome, partner_id, purpose, field, reason)
    DO UPDATE SET count = c.count + excluded.count, bytes = c.bytes + excluded.bytes`,
}

const addLatencies = {
  name: 'reports-add-latencies',
  text: `INSERT INTO reports.latency AS l (tenant_id, grain, at, operation, decision, partner_id, bucket, count, sum_ms)
    SELECT $1, grain, at, operation, decision, partner_id, bucket, count, sum_ms
    FROM jsonb_to_recordset($2::jsonb) AS r(grain text, at timestamptz, operation text, decision text, partner_id uuid, bucket smallint, count bigint, sum_ms bigint)
    ON CONFLICT (tenant_id, grain, at, operation, decision, partner_id, bucket)
    DO UPDATE SET count = l.count + excluded.count, sum_ms = l.sum_ms + excluded.sum_ms`,
}

export async function add(tx: Tx, { counters, latencies }: Additions): Promise<void> {
  await Promise.all([
    counters.length === 0 ? undefined : tx.query(addCounters, [tx.tenant, JSON.stringify(counters)]),
    latencies.length === 0 ? undefined : tx.query(addLatencies, [tx.tenant, JSON.stringify(latencies)]),
  ])
}

export async function forgetBefore(tx: Tx, grain: Grain, at: Instant): Promise<void> {
  await Promise.all([
    tx.query('DELETE FROM reports.counter WHERE tenant_id = $1 AND grain = $2 AND at < $3', [tx.tenant, grain, at]),
    tx.query('DELETE FROM reports.latency WHERE tenant_id = $1 AND grain = $2 AND at < $3', [tx.tenant, grain, at]),
  ])
}

export async function forgetAll(tx: Tx): Promise<void> {
  await Promise.all([
    tx.query('DELETE FROM reports.counter WHERE tenant_id = $1', [tx.tenant]),
    tx.query('DELETE FROM reports.latency WHERE tenant_id = $1', [tx.tenant]),
  ])
}

/** Says of all the tenant's rows together whether they are the same as before, in whatever order they lie. */
export async function fingerprint(tx: Tx): Promise<{ readonly rows: number; readonly sum: string }> {
  const [row] = await tx.query<{ rows: number; sum: string }>(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended(line, 0)::numeric), 0)::text AS sum FROM (
        SELECT c::text AS line FROM reports.counter c WHERE tenant_id = $1
        UNION ALL SELECT l::text FROM reports.latency l WHERE tenant_id = $1) AS lines`,
    [tx.tenant],
  )
  return row ?? { rows: 0, sum: '0' }
}

// --- Reading ---

/** What a chart may be split by, and the column that holds it. */
const columns = { outcome: 'outcome', partner: 'partner_id', purpose: 'purpose', field: 'field', reason: 'reason' } as const
export type Dimension = keyof typeof columns

export interface CounterFilter {
  readonly grain: Grain
  readonly from: Instant
  /** Excluded. */
  readonly to: Instant
  /** The act as a whole, or its parts by field or by reason: only rows of one kind are added up. */
  readonly kind: 'act' | 'field' | 'reason'
  readonly outcomes?: readonly Outcome[] | undefined
  readonly partner?: Id<'partner'> | undefined
  readonly purpose?: string | undefined
  readonly field?: string | undefined
}

const kindOf = { act: `field = '' AND reason = ''`, field: `field <> ''`, reason: `reason <> ''` } as const

/** The filter as conditions on $1 to $8. */
const conditions = ({ kind }: CounterFilter) =>
  `tenant_id = $1 AND grain = $2 AND at >= $3 AND at < $4 AND ${kindOf[kind]} AND ($5::text[] IS NULL OR outcome = ANY($5))
    AND ($6::uuid IS NULL OR partner_id = $6) AND ($7::text IS NULL OR purpose = $7) AND ($8::text IS NULL OR field = $8)`

const valuesOf = (tx: Tx, { grain, from, to, outcomes, partner, purpose, field }: CounterFilter) => [
  tx.tenant,
  grain,
  from,
  to,
  outcomes ?? null,
  partner ?? null,
  purpose ?? null,
  field ?? null,
]

export interface Total {
  readonly key: string
  readonly count: number
  readonly bytes: number
}

/** The largest first. */
export function totalsBy(tx: Tx, filter: CounterFilter, dimension: Dimension, largest: 'count' | 'bytes' = 'count'): Promise<Total[]> {
  return tx.query<Total>(
    `SELECT ${columns[dimension]}::text AS key, sum(count)::bigint AS count, sum(bytes)::bigint AS bytes
      FROM reports.counter WHERE ${conditions(filter)} GROUP BY 1 ORDER BY sum(${largest}) DESC, 1`,
    valuesOf(tx, filter),
  )
}

/** By piece of time and key; the keys that are not asked for come together under `null`. Without a dimension all come under ''. */
export function pointsBy(
  tx: Tx,
  filter: CounterFilter,
  dimension: Dimension | undefined,
  keys: readonly string[],
): Promise<{ at: Instant; key: string | null; count: number; bytes: number }[]> {
  const key = dimension === undefined ? `''` : `CASE WHEN ${columns[dimension]}::text = ANY($9::text[]) THEN ${columns[dimension]}::text END`
  return tx.query(
    `SELECT at, ${key} AS key, sum(count)::bigint AS count, sum(bytes)::bigint AS bytes
      FROM reports.counter WHERE ${conditions(filter)} GROUP BY 1, 2 ORDER BY 1`,
    dimension === undefined ? valuesOf(tx, filter) : [...valuesOf(tx, filter), keys],
  )
}

export interface LatencyFilter {
  readonly grain: Grain
  readonly from: Instant
  readonly to: Instant
  readonly partner?: Id<'partner'> | undefined
  readonly decision?: 'permit' | 'deny' | undefined
}

export function latencyPoints(
  tx: Tx,
  { grain, from, to, partner, decision }: LatencyFilter,
): Promise<(Pick<LatencyRow, 'bucket' | 'count' | 'sum_ms'> & { at: Instant; operation: TimedOperation })[]> {
  return tx.query(
    `SELECT at, operation, bucket, sum(count)::bigint AS count, sum(sum_ms)::bigint AS sum_ms FROM reports.latency
      WHERE tenant_id = $1 AND grain = $2 AND at >= $3 AND at < $4 AND ($5::uuid IS NULL OR partner_id = $5) AND ($6::text IS NULL OR decision = $6)
      GROUP BY 1, 2, 3 ORDER BY 1`,
    [tx.tenant, grain, from, to, partner ?? null, decision ?? null],
  )
}

// --- The matrix ---

/** How deep a matrix goes, and what makes up its rows. */
const depths = {
  partner: ['partner_id'],
  purpose: ['partner_id', 'purpose'],
  field: ['partner_id', 'purpose', 'field'],
} as const
export type Depth = keyof typeof depths

/** What makes up its columns: a number that counts from 0. */
const across = {
  hour_of_day: 'extract(hour FROM at)::int',
  hour_of_week: '((extract(isodow FROM at) - 1) * 24 + extract(hour FROM at))::int',
  hour: '(extract(epoch FROM at - $3::timestamptz) / 3600)::int',
  day: '(extract(epoch FROM at - $3::timestamptz) / 86400)::int',
} as const
export type Across = keyof typeof across

export interface MatrixRow {
  readonly partner_id: string
  readonly purpose: string
  readonly field: string
  readonly count: number
}

/** The largest rows, and how many there are in all. */
export async function matrixRows(tx: Tx, filter: CounterFilter, depth: Depth, limit: number): Promise<{ rows: MatrixRow[]; all: number; count: number }> {
  const keys = depths[depth].join(', ')
  const rows = await tx.query<MatrixRow & { all: number; whole: number }>(
    `SELECT ${named(depth)}, sum(count)::bigint AS count, count(*) OVER () AS all, (sum(sum(count)) OVER ())::bigint AS whole
      FROM reports.counter WHERE ${conditions(filter)} GROUP BY ${keys} ORDER BY sum(count) DESC, ${keys} LIMIT $9`,
    [...valuesOf(tx, filter), limit],
  )
  return { rows, all: rows[0]?.all ?? 0, count: rows[0]?.whole ?? 0 }
}

const named = (depth: Depth) =>
  (['partner_id', 'purpose', 'field'] as const).map((name) => ((depths[depth] as readonly string[]).includes(name) ? name : `'' AS ${name}`)).join(', ')

/** The cells of the given rows that are not empty. */
export function matrixCells(
  tx: Tx,
  filter: CounterFilter,
  depth: Depth,
  columns: Across,
  rows: readonly MatrixRow[],
): Promise<(MatrixRow & { column: number })[]> {
  const keys = depths[depth].join(', ')
  return tx.query(
    `SELECT ${named(depth)}, ${across[columns]} AS "column", sum(count)::bigint AS count FROM reports.counter
      WHERE ${conditions(filter)} AND ${asText(depth)} = ANY($9::text[]) GROUP BY ${keys}, 4`,
    [...valuesOf(tx, filter), rows.map((row) => depths[depth].map((name) => row[name]).join(separator))],
  )
}

/** A row's key as one text: PostgreSQL looks it up in a hashed list, where a list of several columns would be walked for each row. */
const separator = '\u001f'
const asText = (depth: Depth) => depths[depth].map((name) => `${name}::text`).join(` || chr(${separator.charCodeAt(0)}) || `)

/** The sums of all rows, shown or not. */
export function matrixColumns(tx: Tx, filter: CounterFilter, columns: Across): Promise<{ column: number; count: number }[]> {
  return tx.query(
    `SELECT ${across[columns]} AS "column", sum(count)::bigint AS count FROM reports.counter WHERE ${conditions(filter)} GROUP BY 1`,
    valuesOf(tx, filter),
  )
}

// --- Today ---

/** What left or was to leave, by partner and purpose. */
export function flows(
  tx: Tx,
  filter: CounterFilter,
  limit: number,
): Promise<{ partner_id: string; purpose: string; redeemed: number; delivered: number; undelivered: number; bytes: number; fields: string[] }[]> {
  return tx.query(
    `SELECT partner_id, purpose, redeemed, delivered, undelivered, bytes, ARRAY(
        SELECT DISTINCT f.field FROM reports.counter f WHERE f.tenant_id = $1 AND f.grain = $2 AND f.at >= $3 AND f.at < $4 AND f.outcome = 'redeemed'
          AND f.partner_id = flow.partner_id AND f.purpose = flow.purpose AND f.field <> '' ORDER BY 1) AS fields
      FROM (SELECT partner_id, purpose,
          coalesce(sum(count) FILTER (WHERE outcome = 'redeemed'), 0)::bigint AS redeemed,
          coalesce(sum(count) FILTER (WHERE outcome = 'delivered'), 0)::bigint AS delivered,
          coalesce(sum(count) FILTER (WHERE outcome = 'undelivered'), 0)::bigint AS undelivered,
          sum(bytes)::bigint AS bytes
        FROM reports.counter WHERE ${conditions(filter)} AND partner_id <> '${nobodysPartner}' GROUP BY 1, 2) AS flow
      ORDER BY redeemed DESC, bytes DESC, partner_id, purpose LIMIT $9`,
    [...valuesOf(tx, filter), limit],
  )
}
