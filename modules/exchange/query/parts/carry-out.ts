/** A part for another node, as a run of this one: the same checks, the same extraction, then this node's own floor; and then it leaves. */
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import { unitOf } from '@gatehouse/query/plan/nodes'
import { partSteps } from '@gatehouse/query/steps/plan-steps'
import type { StepFacts, StepSpec } from '@gatehouse/query/steps/step'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { type TableKey, tableKey } from '../../../custody/catalog/index.ts'
import { send } from '../../federation/index.ts'
import { receivedKeyOf } from '../../linkage/index.ts'
import { executorFor, type RunExecutor, type StepOutcome } from '../executor/index.ts'
import { keyOf } from '../keys.ts'
import { approvalOf } from '../plans/approval.ts'
import { findVersion, type VersionRow } from '../plans/store.ts'
import { chargeFor } from '../runs/charge.ts'
import { type Cleared, clearRun } from '../runs/checks.ts'
import { changedEvent, runFacts } from '../runs/end.ts'
import type { RunLife } from '../runs/life.ts'
import { factsOf, stepTitle } from '../runs/step-facts.ts'
import { where } from '../runs/stop-words.ts'
import { isStop, type Stop } from '../runs/stops.ts'
import { beginStep, endStep, findRun, forgetRunKey, insertSteps, moveRun, type RunRow, setFloor, stepsOf } from '../runs/store.ts'
import { runSummaryOf } from '../runs/view.ts'
import { told } from '../schema.ts'
import { planTables } from '../tables.ts'
import { later } from './end-part.ts'
import { besideMessage, partFile } from './files.ts'
import { partKinds } from './kinds.ts'
import { isPeer } from './peer.ts'
import { PartUnusable } from './receive.ts'
import type { PartResultBody } from './schema.ts'
import { secretsAcross } from './secrets.ts'
import { type FollowedSession, followedSession, followedStep, sayTurned } from './session/follow.ts'
import { brokenBy } from './session/lead.ts'
import { type ErrandRow, setTold } from './store.ts'
import { groupsFor } from './unit/groups.ts'
import { sendEncodings } from './unit/send.ts'

interface Errand {
  readonly run: RunRow
  readonly errand: ErrandRow
  readonly version: VersionRow
  readonly cleared: Cleared
}

/** @returns what stops it or what it waits for, or `undefined` where it has left. @throws what a source or a step says */
export async function carryOutPart(ctx: StepsContext, run: RunRow, errand: ErrandRow, life: RunLife): Promise<Stop | 'waiting' | undefined> {
  try {
    for (;;) {
      const outcome = await carryOnce(ctx, run, errand, life)
      if (outcome !== 'again') return outcome
    }
  } catch (error) {
    if (error instanceof PartUnusable && !life.signal.aborted) return brokenBy(error.peer, error.message)
    throw error
  }
}

/** @returns `again` where the node that asked has said something in the session meanwhile */
async function carryOnce(ctx: StepsContext, run: RunRow, errand: ErrandRow, life: RunLife): Promise<Stop | 'waiting' | 'again' | undefined> {
  const found = await ctx.step(async (tx) => {
    const version = await findVersion(tx, run.plan_id, run.version)
    if (version === undefined || version.hash !== run.hash) return undefined
    if (!(await isPeer(tx, errand.peer))) return 'nobody' as const
    if (approvalOf(version).state === 'asked') return 'asked' as const
    return { version, check: await clearRun(ctx, tx, run.project_id, version, true) }
  })
  if (found === undefined) return { reason: 'plan_unfit' }
  if (found === 'nobody') return { reason: 'node_unknown', ...where('node', { node: errand.peer }) }
  if (found === 'asked') return { reason: 'awaiting_approval' }
  const { version, check } = found
  if (check.outcome === 'barred') return check
  const wanted = { peer: errand.peer, audience: errand.audience, key_id: errand.key_id, now: ctx.now }
  const key = await ctx.step((tx) => receivedKeyOf(tx, ctx.node, ctx.tenant, wanted))
  if (key === 'missing') return { reason: 'key_missing' }
  if (key === 'ended') return { reason: 'key_ended' }
  const charged = await chargeFor(ctx, run, version, check)
  if (charged !== undefined) return charged
  const content = await keyOf(ctx.node, ctx.tenant, 'run', run)
  if (content === undefined) return { reason: 'internal' }
  await ctx.step(async (tx) => {
    await setFloor(tx, run.id, check.floor)
    if (await moveRun(tx, run.id, { from: 'checking', to: 'running', at: ctx.now })) await tellState(ctx, tx, errand, 'working')
  })
  const { node, tenant } = ctx
  const untreated = version.approved_at !== null && (version.document.treatment === undefined || version.document.form === 'identifiable')
  const session = version.document.linkage?.method.kind === 'session' ? await followedSession(ctx, run, errand, version.document) : undefined
  if (session !== undefined && 'reason' in session) return session
  const groups = await groupsFor(ctx, version.document, run.id)
  if (groups !== undefined && isStop(groups)) return groups
  const steps = partSteps(version.document, planTables(check.tables), { sources: errand.sources, floor: check.floor, untreated, session: session?.party })
  const leaving = session === undefined ? ['protect'] : ['number', 'seal']
  const files = leaving.flatMap((kind) => errand.sources.map((as) => [`${kind}:${as}`, kind === 'seal' ? `sealed-${as}` : as] as const))
  const named = session === undefined ? files : [...files, [`turn:${session.party}`, 'turned'] as const]
  const targets = new Map(named.map(([step, file]) => [step, tableKey(tenant, partFile(tenant, run.id, file), content)]))
  const of = { run: run.id, foreignRun: errand.foreign_run, project: run.project_id }
  const shared = await secretsAcross(ctx, of, version.document, key)
  const given = { ...(session?.held === undefined ? {} : { session: session.held }), ...(groups === undefined ? {} : { groups }) }
  const secrets = { ...shared, ...given }
  const executor = executorFor(node, { tenant, run: run.id, key: content, targets, tables: check.tables, secrets, excluded: check.excluded })
  try {
    return await carryEach(
      ctx,
      { run, errand, version, cleared: check },
      { steps, targets, life, executor, key: content, session, waits: groups === undefined },
    )
  } finally {
    await executor.close()
  }
}

interface Work {
  readonly steps: readonly StepSpec[]
  readonly targets: ReadonlyMap<string, TableKey>
  readonly life: RunLife
  readonly executor: RunExecutor
  /** Of the part. */
  readonly key: Uint8Array
  readonly session: FollowedSession | undefined
  /** For groups, where a linkage unit compares. */
  readonly waits: boolean
}

async function carryEach(ctx: StepsContext, of: Errand, work: Work): Promise<Stop | 'waiting' | 'again' | undefined> {
  const { steps, targets, life, executor, session, waits } = work
  const { run } = of
  const clock = () => instantOf(ctx.node.source.nowMs())
  await ctx.step((tx) =>
    insertSteps(
      tx,
      run.id,
      steps.map((step) => ({ id: step.id, kind: step.kind, title: stepTitle(step) })),
    ),
  )
  const outputs = new Map<string, StepOutcome>()
  for (const step of steps) {
    life.signal.throwIfAborted()
    if (step.kind === 'group' && waits) return atUnit(ctx, of, executor, outputs)
    // In a session the run waits for others once more.
    if (step.kind === (session === undefined ? 'protect' : 'turn'))
      await ctx.step((tx) => moveRun(tx, run.id, { from: 'running', to: 'treating', at: clock() }))
    await ctx.step((tx) => beginStep(tx, run.id, step.id, clock()))
    const inputs = step.inputs.flatMap((id) => outputs.get(id)?.manifest ?? [])
    const given = session === undefined ? undefined : await followedStep(ctx, { ...of, ...work, session }, step, outputs)
    if (given === 'waiting' || given === 'again') return given
    const outcome = given ?? (await executor.run(step, inputs, { signal: life.signal, onProgress: (share) => life.progress(step.id, share) }))
    life.signal.throwIfAborted()
    outputs.set(step.id, outcome)
    await ctx.step((tx) => endStep(tx, run.id, step.id, outcome.hash, factsOf(outcome.facts).step, clock()))
    const stop = stopOf(outcome.facts, of.cleared)
    if (stop !== undefined) return stop
  }
  return leave(ctx, of, targets, outputs, session)
}

/** What was encoded is sent, and the run waits for what the unit makes of it. */
async function atUnit(ctx: StepsContext, { run, errand, version }: Errand, executor: RunExecutor, outputs: ReadonlyMap<string, StepOutcome>): Promise<Stop> {
  const unit = unitOf(version.document) as string
  const to = { unit, asker: errand.peer, foreignRun: errand.foreign_run, deadline: errand.deadline_at }
  return (await sendEncodings(ctx, { ...to, run: run.id, executor, sources: errand.sources, outputs })) ?? { reason: 'unit_pending' }
}

const refusals = { cohort_too_small: 'cohort_too_small', empty_cohort: 'empty_cohort', bound_not_met: 'bound_not_met' } as const

function stopOf({ refused, stages }: StepFacts, { floor }: Cleared): Stop | undefined {
  const everybody = stages?.some(({ kind, rows_in, rows_out }) => kind === 'exclude' && rows_in > 0 && rows_out === 0)
  if (everybody === true) return { reason: 'opted_out_all' }
  if (refused === undefined) return undefined
  return { reason: refusals[refused as keyof typeof refusals] ?? 'bound_not_met', ...where('floor', { floor }) }
}

/** The answer, the state and the entry commit together: a process that dies before has given nothing, one that dies after has given it once. */
async function leave(
  ctx: StepsContext,
  { run, errand, version, cleared }: Errand,
  targets: ReadonlyMap<string, TableKey>,
  outputs: ReadonlyMap<string, StepOutcome>,
  session: FollowedSession | undefined,
): Promise<Stop | undefined> {
  const { node, tenant } = ctx
  const at = instantOf(node.source.nowMs())
  const files = errand.sources.map((as) => {
    const last = session === undefined ? `protect:${as}` : `number:${as}`
    const [read, made, left] = [`extract:${as}`, `protect:${as}`, last].map((id) => outputs.get(id) as StepOutcome) as [StepOutcome, StepOutcome, StepOutcome]
    return { as, key: targets.get(last) as TableKey, read, made, left }
  })
  const body: PartResultBody = {
    run: errand.foreign_run,
    attempt: errand.attempt,
    tables: Object.fromEntries(files.map(({ as, key: { tenant: of, file } }) => [as, { tenant: of, file }])),
    figures: Object.fromEntries(
      files.map(({ as, made, read }) => [
        as,
        { rows_in: told(read.facts.rows_in, cleared.floor), rows_out: told(made.facts.rows_out, cleared.floor), levels: made.facts.levels ?? {} },
      ]),
    ),
    decision: { run: run.id, plan: run.plan_id, version: run.version, review: version.review_id, floor: cleared.floor },
  }
  const attachments = files.flatMap(({ as, left: { manifest } }) => besideMessage(as, manifest))
  return ctx.step(async (tx): Promise<Stop | undefined> => {
    if (!(await isPeer(tx, errand.peer))) return { reason: 'node_unknown', ...where('node', { node: errand.peer }) }
    // Whoever cancelled it meanwhile, or took it over, was first.
    if (!(await moveRun(tx, run.id, { from: 'treating', to: 'answered', at, ended: true }))) return undefined
    const turned = session === undefined ? undefined : outputs.get(`turn:${session.party}`)
    if (turned !== undefined) await sayTurned(ctx, tx, run.id, errand, turned)
    const message = { to: errand.peer, kind: partKinds.result, thread: errand.foreign_run, body, attachments, expiresAt: later(at, errand.deadline_at) }
    await setTold(tx, run.id, await send(tx, node, tenant, message))
    await forgetRunKey(tx, run.id)
    const after = await findRun(tx, run.id)
    if (after === undefined) return undefined
    const { details, ...facts } = runFacts(runSummaryOf(after, await stepsOf(tx, run.id)))
    await ctx.record(tx, 'query.run_ended', { ...facts, details: { ...details, node: errand.peer, foreign_run: errand.foreign_run } }, [
      changedEvent(run, after.state),
    ])
    return undefined
  })
}

/** So that whoever waits sees what for. */
export async function tellState(
  { node, tenant, now }: Pick<StepsContext, 'node' | 'tenant' | 'now'>,
  tx: Parameters<Parameters<StepsContext['step']>[0]>[0],
  { peer, foreign_run, attempt, deadline_at }: ErrandRow,
  state: 'working' | 'awaiting_approval',
): Promise<void> {
  const expiresAt = now < deadline_at ? deadline_at : addSeconds(now, 60)
  await send(tx, node, tenant, { to: peer, kind: partKinds.state, thread: foreign_run, body: { run: foreign_run, attempt, state }, expiresAt })
}
