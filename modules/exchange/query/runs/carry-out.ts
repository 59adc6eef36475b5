/** A run from its checks to a result that is kept: each decision in a short transaction before the step that acts on it. */
import type { Id } from '@gatehouse/core/id'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import { deriveKey } from '@gatehouse/crypto/kdf'
import { planSteps } from '@gatehouse/query/steps/plan-steps'
import type { StepSpec } from '@gatehouse/query/steps/step'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { tableKey } from '../../../custody/catalog/index.ts'
import { recordDoubtfulLinks } from '../../linkage/index.ts'
import { charge } from '../budget/store.ts'
import { peopleFrom } from '../disclosure/people.ts'
import { executorFor, type RunExecutor, type StepOutcome } from '../executor/index.ts'
import { keyOf, newRunKey } from '../keys.ts'
import { findVersion, type VersionRow } from '../plans/store.ts'
import { resultFile } from '../results/table.ts'
import { planTables } from '../tables.ts'
import { type Cleared, clearRun } from './checks.ts'
import { keepResult } from './keep-result.ts'
import type { RunLife } from './life.ts'
import { stepSecrets } from './secrets.ts'
import { factsOf, stepTitle } from './step-facts.ts'
import type { Stop } from './stops.ts'
import { beginStep, endStep, insertSteps, keepBeginning, keepFacts, moveRun, type RunFacts, type RunRow, setFloor } from './store.ts'
import { codeVersion } from './version.ts'

/** From here on the table is whole, and who is in it stands fast. */
const treats = new Set<StepSpec['kind']>(['treat', 'aggregate', 'write'])

/** @returns what stops it, or `undefined` where its result is kept. @throws what a source or a step says */
export async function carryOut(ctx: StepsContext, run: RunRow, life: RunLife): Promise<Stop | undefined> {
  const cleared = await ctx.step(async (tx) => {
    const version = await findVersion(tx, run.plan_id, run.version)
    if (version === undefined || version.hash !== run.hash) return undefined
    return { version, check: await clearRun(ctx, tx, run.project_id, version) }
  })
  if (cleared === undefined) return { reason: 'plan_unfit' }
  const { version, check } = cleared
  if (check.outcome === 'barred') return check
  const charged = await chargeFor(ctx, run, version, check)
  if (charged !== undefined) return charged
  const { key, result } = await begin(ctx, run, check)
  return carrySteps(ctx, { run, version, cleared: check, key, result, life })
}

/** Before the figures are drawn, once, however often the run is begun again. */
async function chargeFor(ctx: StepsContext, run: RunRow, { document }: VersionRow, { settings }: Cleared): Promise<Stop | undefined> {
  const epsilon = document.aggregation?.noise?.epsilon
  if (epsilon === undefined) return undefined
  const covered = await ctx.step((tx) => charge(tx, run.project_id, run.id, epsilon, settings.epsilon_total, ctx.now))
  return covered ? undefined : { reason: 'budget_spent', detail: `It would take ${epsilon} of ${settings.epsilon_total}.` }
}

/** The key of the scratch files and the id of the result are those of the first attempt, so that nothing finished is done again. */
async function begin(ctx: StepsContext, run: RunRow, { floor }: Cleared): Promise<{ key: Uint8Array; result: Id<'query_result'> }> {
  const known = await keyOf(ctx.node, ctx.tenant, 'run', run)
  const fresh = known === undefined ? await newRunKey(ctx.node, ctx.tenant, run.id) : undefined
  const result = run.target_id ?? ctx.newId<'query_result'>()
  await ctx.step(async (tx) => {
    if (fresh !== undefined) await keepBeginning(tx, run.id, { ...fresh, target: result, codeVersion })
    await setFloor(tx, run.id, floor)
    await moveRun(tx, run.id, { from: 'checking', to: 'running', at: ctx.now })
  })
  return { key: known ?? (fresh?.key as Uint8Array), result }
}

interface Carried {
  readonly run: RunRow
  readonly version: VersionRow
  readonly cleared: Cleared
  readonly key: Uint8Array
  readonly result: Id<'query_result'>
  readonly life: RunLife
}

async function carrySteps(ctx: StepsContext, carried: Carried): Promise<Stop | undefined> {
  const { run, version, cleared, key, result } = carried
  const { node, tenant } = ctx
  const plan = version.document
  const steps = planSteps(plan, planTables(cleared.tables))
  await ctx.step(async (tx) => {
    await insertSteps(
      tx,
      run.id,
      steps.map((step) => ({ id: step.id, kind: step.kind, title: stepTitle(step) })),
    )
  })
  const resultKey = deriveKey(node.keys.primitives, key, 'gatehouse/query/result/v1')
  const executor = executorFor(node, {
    tenant,
    run: run.id,
    key,
    target: tableKey(tenant, resultFile(tenant, result), resultKey),
    tables: cleared.tables,
    secrets: await stepSecrets(ctx, run.project_id, plan),
    excluded: cleared.excluded,
  })
  try {
    return await carryEach(ctx, { ...carried, steps, executor, resultKey })
  } finally {
    await executor.close()
  }
}

async function carryEach(
  ctx: StepsContext,
  {
    steps,
    executor,
    resultKey,
    run,
    version,
    cleared,
    result,
    life,
  }: Carried & { readonly steps: readonly StepSpec[]; readonly executor: RunExecutor; readonly resultKey: Uint8Array },
): Promise<Stop | undefined> {
  const { node } = ctx
  const clock = () => instantOf(node.source.nowMs())
  const outputs = new Map<string, StepOutcome>()
  let facts: RunFacts = {}
  let whole = false
  for (const step of steps) {
    if (!whole && treats.has(step.kind)) {
      whole = true
      const rows = Math.max(0, ...step.inputs.map((id) => outputs.get(id)?.manifest.rows ?? 0))
      if (rows < cleared.floor) return { reason: rows === 0 ? emptiedBy(outputs) : 'cohort_too_small', detail: `The floor is ${cleared.floor}.` }
      await ctx.step((tx) => moveRun(tx, run.id, { from: 'running', to: 'treating', at: clock() }))
    }
    life.signal.throwIfAborted()
    await ctx.step((tx) => beginStep(tx, run.id, step.id, clock()))
    const inputs = step.inputs.flatMap((id) => outputs.get(id)?.manifest ?? [])
    const outcome = await executor.run(step, inputs, { signal: life.signal, onProgress: (share) => life.progress(step.id, share) })
    life.signal.throwIfAborted()
    outputs.set(step.id, outcome)
    const found = factsOf(outcome.facts)
    facts = { ...facts, ...found.run }
    await ctx.step(async (tx) => {
      // The run before its step, as the beats of its life write them: the other way round two would wait for each other.
      await keepFacts(tx, run.id, facts)
      await endStep(tx, run.id, step.id, outcome.hash, found.step, clock())
      await reviewDoubtful(ctx, tx, { run, version, outcome, at: clock() })
    })
    if (outcome.facts.refused !== undefined) return { reason: 'bound_not_met', detail: `It said: ${outcome.facts.refused}.` }
  }
  const last = outputs.get('write')
  if (last === undefined) return { reason: 'internal' }
  const said = (outputs.get('aggregate') ?? last).people
  const people = said === undefined ? undefined : peopleFrom(said)
  // Where nothing tells the people of two rows apart, each row is taken for a person.
  const count = people?.size ?? outputs.get('aggregate')?.facts.rows_in ?? last.manifest.rows
  if (count < cleared.floor) return { reason: count === 0 ? 'bound_not_met' : 'cohort_too_small', detail: `The floor is ${cleared.floor}.` }
  facts = { ...facts, people: count }
  return keepResult(ctx, { run, version, cleared, result, key: resultKey, manifest: last.manifest, people, facts, outputs })
}

/** Pairs in doubt are no links here; people decide them, and the next run of the project does as they say. */
async function reviewDoubtful(
  { node, tenant }: StepsContext,
  tx: Tx,
  { run, version, outcome, at }: { readonly run: RunRow; readonly version: VersionRow; readonly outcome: StepOutcome; readonly at: Instant },
): Promise<void> {
  const { doubtful = [] } = outcome
  const tableOf = (source: string) => version.document.sources.find(({ as }) => as === source)?.table ?? source
  const pairs = doubtful.map((pair) => ({ ...pair, leftSource: tableOf(pair.leftSource), rightSource: tableOf(pair.rightSource) }))
  await recordDoubtfulLinks(tx, node, tenant, { project: run.project_id, origin: 'run', id: run.id, opinions: 1, now: at }, pairs)
}

/** Nothing is left: because everybody objected, or because nobody is meant. */
function emptiedBy(outputs: ReadonlyMap<string, StepOutcome>): 'opted_out_all' | 'empty_cohort' {
  const stages = [...outputs.values()].flatMap(({ facts }) => facts.stages ?? [])
  return stages.some(({ kind, rows_in, rows_out }) => kind === 'exclude' && rows_in > 0 && rows_out === 0) ? 'opted_out_all' : 'empty_cohort'
}
