import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Said } from '@gatehouse/core/sentence'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Behalf } from '@gatehouse/runtime/door/operation'
import { forgetSeed } from '../parts/session/store.ts'
import { openPartStates } from '../parts/states.ts'
import type { RunReason } from './reasons.ts'
import { type RunState, workingStates } from './states.ts'

/** What a run found out; nothing of it is seen before disclosure control has rounded it. */
export interface RunFacts {
  readonly people?: number
  readonly risk_before?: RiskFacts
  readonly risk_after?: RiskFacts
  readonly loss?: number
}

export interface RiskFacts {
  readonly rows: number
  readonly prosecutor_highest: number
  readonly prosecutor_average: number
  readonly rows_at_risk: number
}

export interface RunRow {
  readonly id: Id<'query_run'>
  readonly project_id: Id<'project'>
  readonly plan_id: Id<'query_plan'>
  readonly version: number
  readonly hash: string
  readonly title: string
  readonly state: RunState
  readonly reason: RunReason | null
  readonly detail: string | null
  readonly said: Said | null
  readonly schedule_id: Id<'query_schedule'> | null
  readonly asked_by: string
  /** The node whose run this is a part of; null where it was asked for here. */
  readonly asked_from: string | null
  readonly behalf: Behalf | null
  readonly asked_at: Instant
  readonly started_at: Instant | null
  readonly alive_at: Instant | null
  readonly holder: string | null
  readonly retry_at: Instant | null
  readonly tries: number
  readonly ended_at: Instant | null
  readonly kek_version: number | null
  readonly wrapped: Uint8Array | null
  readonly floor: number
  readonly facts: RunFacts
  readonly epsilon: string | null
  /** Under which its result will be kept. */
  readonly target_id: Id<'query_result'> | null
  readonly result_id: Id<'query_result'> | null
  readonly review_id: Id<'review'> | null
  readonly code_version: string | null
}

const columns = `id, project_id, plan_id, version, hash, title, state, reason, detail, said, schedule_id, asked_by, asked_from, behalf, asked_at, started_at, alive_at, holder, retry_at, tries,
  ended_at, kek_version, wrapped, floor, facts, epsilon, target_id, result_id, review_id, code_version`
const open = `state IN ('queued', 'checking', 'waiting', 'waiting_for_node', 'running', 'treating', 'disclosure_control')`

export type NewRun = Pick<
  RunRow,
  'id' | 'project_id' | 'plan_id' | 'version' | 'hash' | 'title' | 'schedule_id' | 'asked_by' | 'asked_from' | 'behalf' | 'asked_at' | 'floor'
>

/** @returns false where as many are open as may be */
export async function insertRun(tx: Tx, run: NewRun, max: number): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO query.run (tenant_id, id, project_id, plan_id, version, hash, title, state, schedule_id, asked_by, behalf, asked_at, floor, asked_from)
      SELECT $1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9, $10, $11, $12, $14
      WHERE (SELECT count(*) FROM query.run WHERE tenant_id = $1 AND project_id = $3 AND ${open}) < $13`,
    [
      tx.tenant,
      run.id,
      run.project_id,
      run.plan_id,
      run.version,
      run.hash,
      run.title,
      run.schedule_id,
      run.asked_by,
      run.behalf === null ? null : JSON.stringify(run.behalf),
      run.asked_at,
      run.floor,
      max,
      run.asked_from,
    ],
  )
  return inserted === 1
}

export async function findRun(tx: Tx, id: Id<'query_run'>, lock = false): Promise<RunRow | undefined> {
  const text = `SELECT ${columns} FROM query.run WHERE tenant_id = $1 AND id = $2${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<RunRow>(text, [tx.tenant, id]))[0]
}

/** The newest first. */
export function listRuns(
  tx: Tx,
  project: Id<'project'>,
  { plan, before, limit }: { readonly plan: Id<'query_plan'> | undefined; readonly before: Id<'query_run'> | undefined; readonly limit: number },
): Promise<RunRow[]> {
  return tx.query<RunRow>(
    `SELECT ${columns} FROM query.run WHERE tenant_id = $1 AND project_id = $2 AND ($3::uuid IS NULL OR plan_id = $3) AND ($4::uuid IS NULL OR id < $4)
      ORDER BY id DESC LIMIT $5`,
    [tx.tenant, project, plan ?? null, before ?? null, limit],
  )
}

/** How many were begun in the project. */
export async function countRuns(tx: Tx, project: Id<'project'>): Promise<number> {
  const rows = await tx.query<{ count: number }>('SELECT count(*) FROM query.run WHERE tenant_id = $1 AND project_id = $2', [tx.tenant, project])
  return rows[0]?.count ?? 0
}

/** When a node last said something of its part. */
const lastWord = '(SELECT max(p.changed_at) FROM query.part p WHERE p.tenant_id = run.tenant_id AND p.run_id = run.id)'

/** No other node has still to say its last word. */
const answeredByAll = `NOT EXISTS (SELECT FROM query.part p WHERE p.tenant_id = run.tenant_id AND p.run_id = run.id AND p.state IN (${openPartStates.map((state) => `'${state}'`).join(', ')}))`

/** Somebody said something in its session that it has not looked at. */
const spokenTo = 'EXISTS (SELECT FROM query.session s WHERE s.tenant_id = run.tenant_id AND s.id = run.id AND s.due)'

/**
 * Taken if it waits, or if the process that had it has been silent. One process has it at a time: whoever had it before finds another
 * holder at its next beat, and writes nothing more.
 */
export async function takeRun(tx: Tx, id: Id<'query_run'>, holder: string, now: Instant, silent: Instant): Promise<RunRow | undefined> {
  const rows = await tx.query<RunRow>(
    `UPDATE query.run SET state = 'checking', holder = $3, alive_at = $4, started_at = coalesce(started_at, $4), retry_at = NULL
      WHERE tenant_id = $1 AND id = $2
        AND (state = 'queued' OR (state = 'waiting' AND retry_at <= $4) OR (state = 'waiting_for_node' AND (${answeredByAll} OR ${spokenTo})) OR (state = ANY($6) AND alive_at < $5))
      RETURNING ${columns}`,
    [tx.tenant, id, holder, now, silent, workingStates],
  )
  return rows[0]
}

/** @returns false where it is not this process's any more: it has ended, or another one has it */
export async function sayAlive(tx: Tx, id: Id<'query_run'>, holder: string, now: Instant): Promise<boolean> {
  return (
    (await tx.change('UPDATE query.run SET alive_at = $4 WHERE tenant_id = $1 AND id = $2 AND holder = $3 AND state = ANY($5)', [
      tx.tenant,
      id,
      holder,
      now,
      workingStates,
    ])) === 1
  )
}

export interface Move {
  readonly from: RunState
  readonly to: RunState
  readonly at: Instant
  readonly reason?: RunReason
  readonly detail?: string | undefined
  readonly said?: Said | undefined
  readonly ended?: boolean
  readonly retryAt?: Instant
  /** What is waited for is on its way, so that this was no attempt that failed. */
  readonly patient?: boolean
}

/** A change of state, if the run is still in the one it is thought to be in. */
export async function moveRun(
  tx: Tx,
  id: Id<'query_run'>,
  { from, to, at, reason, detail, said, ended = false, retryAt, patient = false }: Move,
): Promise<boolean> {
  const moved = await tx.change(
    `UPDATE query.run SET state = $4, reason = $5, detail = $6, said = $11, ended_at = CASE WHEN $7 THEN $8::timestamptz ELSE ended_at END, retry_at = $9,
        tries = tries + CASE WHEN $9::timestamptz IS NULL OR $10 THEN 0 ELSE 1 END
      WHERE tenant_id = $1 AND id = $2 AND state = $3`,
    [tx.tenant, id, from, to, reason ?? null, detail ?? null, ended, at, retryAt ?? null, patient, said === undefined ? null : JSON.stringify(said)],
  )
  return moved === 1
}

export async function keepFacts(tx: Tx, id: Id<'query_run'>, facts: RunFacts): Promise<void> {
  await tx.change('UPDATE query.run SET facts = facts || $3::jsonb WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, JSON.stringify(facts)])
}

export interface Beginning {
  readonly kek_version: number
  readonly wrapped: Uint8Array
  /** None where nothing is kept here of what it comes to. */
  readonly target: Id<'query_result'> | null
  readonly codeVersion: string
}

/** The key of its scratch files and the id of its result, at the first attempt. */
export async function keepBeginning(tx: Tx, id: Id<'query_run'>, { kek_version, wrapped, target, codeVersion }: Beginning): Promise<void> {
  await tx.change(
    'UPDATE query.run SET kek_version = $3, wrapped = $4, target_id = $5, code_version = $6 WHERE tenant_id = $1 AND id = $2 AND wrapped IS NULL',
    [tx.tenant, id, kek_version, wrapped, target, codeVersion],
  )
}

export async function setFloor(tx: Tx, id: Id<'query_run'>, floor: number): Promise<void> {
  await tx.change('UPDATE query.run SET floor = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, floor])
}

/** From here on what lies in its scratch folder is noise, and nobody can make anew what its rows were linked by. */
export async function forgetRunKey(tx: Tx, id: Id<'query_run'>): Promise<void> {
  await tx.change('UPDATE query.run SET kek_version = NULL, wrapped = NULL WHERE tenant_id = $1 AND id = $2', [tx.tenant, id])
  await forgetSeed(tx, id)
}

export async function setRunResult(tx: Tx, id: Id<'query_run'>, result: Id<'query_result'>): Promise<void> {
  await tx.change('UPDATE query.run SET result_id = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, result])
}

export async function setRunReview(tx: Tx, id: Id<'query_run'>, review: Id<'review'>): Promise<void> {
  await tx.change('UPDATE query.run SET review_id = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, review])
}

/**
 * Runs of every tenant that wait, are due again, or whose process has been silent, and that nobody handed out lately: for the loop, in
 * the node's scope.
 */
export function idleRuns(tx: Tx, now: Instant, silent: Instant, handed: Instant, limit: number): Promise<{ tenant_id: Id<'tenant'>; id: Id<'query_run'> }[]> {
  return tx.query(
    `UPDATE query.run SET handed_at = $1 WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM query.run
        WHERE (state = 'queued' AND coalesce(handed_at, asked_at) < $3)
          OR (state = 'waiting' AND retry_at <= $1 AND (handed_at IS NULL OR handed_at < retry_at OR handed_at < $3))
          OR (state = 'waiting_for_node' AND (${answeredByAll} OR ${spokenTo}) AND (handed_at IS NULL OR handed_at < $3 OR handed_at < ${lastWord}))
          OR (state = ANY($4) AND alive_at < $2 AND (handed_at IS NULL OR handed_at < $2))
        ORDER BY id LIMIT $5 FOR UPDATE SKIP LOCKED)
      RETURNING tenant_id, id`,
    [now, silent, handed, workingStates, limit],
  )
}

// Steps

export interface StepFacts {
  readonly rows_in?: number
  readonly rows_out?: number
  readonly cells_changed?: number
  readonly reasons?: Readonly<Record<string, number>>
  /** What was done within it, each told by itself. */
  readonly stages?: readonly StageFacts[]
}

export interface StageFacts {
  readonly kind: string
  readonly rows_in: number
  readonly rows_out: number
  readonly cells_changed: number
  readonly reasons: Readonly<Record<string, number>>
}

export interface StepRow {
  readonly id: string
  readonly place: number
  readonly kind: string
  readonly title: string
  readonly state: 'waiting' | 'running' | 'done'
  readonly progress: number
  readonly hash: string | null
  readonly facts: StepFacts
  readonly started_at: Instant | null
  readonly ended_at: Instant | null
}

export function stepsOf(tx: Tx, run: Id<'query_run'>): Promise<StepRow[]> {
  return tx.query<StepRow>(
    'SELECT id, place, kind, title, state, progress, hash, facts, started_at, ended_at FROM query.step WHERE tenant_id = $1 AND run_id = $2 ORDER BY place',
    [tx.tenant, run],
  )
}

/** The steps of a run, as they stand; what is known of them already stays. */
export async function insertSteps(tx: Tx, run: Id<'query_run'>, steps: readonly Pick<StepRow, 'id' | 'kind' | 'title'>[]): Promise<void> {
  await tx.change(
    `INSERT INTO query.step (tenant_id, run_id, id, place, kind, title, state)
      SELECT $1, $2, s.id, s.place, s.kind, s.title, 'waiting' FROM unnest($3::text[], $4::int[], $5::text[], $6::text[]) AS s(id, place, kind, title)
      ON CONFLICT (tenant_id, run_id, id) DO NOTHING`,
    [tx.tenant, run, steps.map(({ id }) => id), steps.map((_, place) => place), steps.map(({ kind }) => kind), steps.map(({ title }) => title)],
  )
}

export async function beginStep(tx: Tx, run: Id<'query_run'>, id: string, at: Instant): Promise<void> {
  await tx.change(
    `UPDATE query.step SET state = 'running', started_at = coalesce(started_at, $4) WHERE tenant_id = $1 AND run_id = $2 AND id = $3 AND state <> 'done'`,
    [tx.tenant, run, id, at],
  )
}

export async function sayProgress(tx: Tx, run: Id<'query_run'>, progress: ReadonlyMap<string, number>): Promise<void> {
  await tx.change(
    `UPDATE query.step s SET progress = p.progress FROM unnest($3::text[], $4::real[]) AS p(id, progress)
      WHERE s.tenant_id = $1 AND s.run_id = $2 AND s.id = p.id AND s.state = 'running'`,
    [tx.tenant, run, [...progress.keys()], [...progress.values()]],
  )
}

export async function endStep(tx: Tx, run: Id<'query_run'>, id: string, hash: string, facts: StepFacts, at: Instant): Promise<void> {
  await tx.change(
    `UPDATE query.step SET state = 'done', progress = 1, hash = $4, facts = $5, ended_at = coalesce(ended_at, $6) WHERE tenant_id = $1 AND run_id = $2 AND id = $3`,
    [tx.tenant, run, id, hash, JSON.stringify(facts), at],
  )
}

/** Runs of every tenant whose key is there: for the sweep, in the node's scope. */
export async function livingRuns(tx: Tx): Promise<string[]> {
  return (await tx.query<{ id: string }>('SELECT id FROM query.run WHERE wrapped IS NOT NULL')).map(({ id }) => id)
}

/** Under way, and about to give out rows of people. */
export async function runsOfPeople(tx: Tx): Promise<Id<'query_run'>[]> {
  const rows = await tx.query<{ id: Id<'query_run'> }>(
    `SELECT r.id FROM query.run r JOIN query.version v ON v.tenant_id = r.tenant_id AND v.plan_id = r.plan_id AND v.version = r.version
      WHERE r.tenant_id = $1 AND r.state = ANY($2) AND v.document->>'form' <> 'anonymised'`,
    [tx.tenant, workingStates],
  )
  return rows.map(({ id }) => id)
}
