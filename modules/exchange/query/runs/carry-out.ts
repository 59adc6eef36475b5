/** A run from its checks to a result that is kept: each decision in a short transaction before the step that acts on it. */
import type { Id } from '@gatehouse/core/id'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import { deriveKey } from '@gatehouse/crypto/kdf'
import { ownSources, placeOf, unitOf } from '@gatehouse/query/plan/nodes'
import { planSteps } from '@gatehouse/query/steps/plan-steps'
import type { StepSecrets } from '@gatehouse/query/steps/run'
import type { StepSpec } from '@gatehouse/query/steps/step'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { type TableKey, tableKey } from '../../../custody/catalog/index.ts'
import { ownIdentity } from '../../federation/index.ts'
import { recordDoubtfulLinks } from '../../linkage/index.ts'
import { peopleFrom } from '../disclosure/people.ts'
import { executorFor, type RunExecutor, type StepOutcome } from '../executor/index.ts'
import { keyOf, newRunKey } from '../keys.ts'
import { adoptPart, askAgain, isWaitedFor } from '../parts/adopt.ts'
import { askParts } from '../parts/ask.ts'
import { partFile } from '../parts/files.ts'
import { absentSources, floorOf, isUnit, lacking, secretsOf } from '../parts/join.ts'
import { contentKey } from '../parts/keys.ts'
import { PartUnusable } from '../parts/receive.ts'
import { brokenBy, heldBy, type LedSession, ledSession, ledStep } from '../parts/session/lead.ts'
import { forgetSeed } from '../parts/session/store.ts'
import { isOpen } from '../parts/states.ts'
import type { PartRow } from '../parts/store.ts'
import { groupsFor } from '../parts/unit/groups.ts'
import { sendEncodings } from '../parts/unit/send.ts'
import { findVersion, type VersionRow } from '../plans/store.ts'
import { resultFile } from '../results/table.ts'
import { planTables } from '../tables.ts'
import { chargeFor } from './charge.ts'
import { type Cleared, clearRun } from './checks.ts'
import { keepResult } from './keep-result.ts'
import type { RunLife } from './life.ts'
import { stepSecrets } from './secrets.ts'
import { factsOf, stepTitle } from './step-facts.ts'
import { refusedBy, where } from './stop-words.ts'
import { isStop, type Stop } from './stops.ts'
import { beginStep, endStep, insertSteps, keepBeginning, keepFacts, moveRun, type RunFacts, type RunRow, setFloor } from './store.ts'
import { codeVersion } from './version.ts'

/** From here on the table is whole, and who is in it stands fast. */
const treats = new Set<StepSpec['kind']>(['treat', 'aggregate', 'write'])

/** `waiting`: for other nodes; the run goes on with the last word of the last of them. */
export type Carried = Stop | 'waiting' | undefined

/** @returns what stops it, or `undefined` where its result is kept. @throws what a source or a step says */
export async function carryOut(ctx: StepsContext, run: RunRow, life: RunLife): Promise<Carried> {
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
  for (;;) {
    const outcome = await carryParts(ctx, { run, version, cleared: check, key, result, life })
    if (outcome !== 'again') return outcome
  }
}

/** @returns `again` where a node has said its last word while the run was at its own part */
async function carryParts(ctx: StepsContext, begun: Begun): Promise<Carried | 'again'> {
  const { run, version, cleared: check, key, life } = begun
  const parts = await ctx.step((tx) => askParts(ctx, tx, { run, version, key }))
  if ('reason' in parts) return parts
  const lost = lacking(version.document, parts)
  if (lost !== undefined) return lost
  const [first] = parts
  const shared = first === undefined ? await stepSecrets(ctx, run.project_id, version.document) : await secretsOf(ctx, version.document, first)
  if (shared === undefined) return { reason: 'key_ended' }
  const session = await ledSession(ctx, run, version.document, parts)
  if (session !== undefined && 'reason' in session) return session
  const held = session && heldBy(session)
  const groups = await groupsFor(ctx, version.document, run.id)
  if (groups !== undefined && isStop(groups)) return groups
  const given = { ...(held === undefined ? {} : { session: held }), ...(groups === undefined ? {} : { groups }) }
  const floored = { ...check, floor: floorOf(check.floor, parts) }
  const known: Known = { ...begun, cleared: floored, parts, session, secrets: { ...shared, ...given } }
  try {
    return await carrySteps(ctx, known)
  } catch (error) {
    if (error instanceof PartUnusable && !life.signal.aborted)
      // What passed through the hands of all cannot be asked for anew of one.
      return session === undefined ? askAgain(ctx, known, error) : brokenBy(error.peer, error.message)
    throw error
  }
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

interface Begun {
  readonly run: RunRow
  readonly version: VersionRow
  readonly cleared: Cleared
  readonly key: Uint8Array
  readonly result: Id<'query_result'>
  readonly life: RunLife
}

interface Known extends Begun {
  /** As they stood when this attempt began to look. */
  readonly parts: readonly PartRow[]
  readonly secrets: StepSecrets
  readonly session: LedSession | undefined
}

async function carrySteps(ctx: StepsContext, known: Known): Promise<Carried | 'again'> {
  const { run, version, cleared, parts, secrets, session, key, result } = known
  const { node, tenant } = ctx
  const planned = planSteps(version.document, planTables(cleared.tables, cleared.foreign), absentSources(parts), session)
  await ctx.step(async (tx) => {
    await insertSteps(
      tx,
      run.id,
      planned.map((step) => ({ id: step.id, kind: step.kind, title: stepTitle(step) })),
    )
  })
  // While others work on their parts this node works on its own.
  const place = (step: StepSpec) => (step.kind === 'extract' ? (nodeOf(step) === undefined ? 0 : 2) : rounds.has(step.kind) ? 1 : 3)
  const steps = planned.toSorted((one, other) => place(one) - place(other))
  const resultKey = deriveKey(node.keys.primitives, key, 'gatehouse/query/result/v1')
  const executor = executorFor(node, {
    tenant,
    run: run.id,
    key,
    targets: new Map([['write', tableKey(tenant, resultFile(tenant, result), resultKey)], ...handedOn(ctx, known)]),
    tables: cleared.tables,
    secrets,
    excluded: cleared.excluded,
  })
  try {
    return await carryEach(ctx, { ...known, steps, executor, resultKey })
  } finally {
    await executor.close()
  }
}

/** What other parties get in their turn of a session, under the key of their part. */
function handedOn({ node, tenant }: StepsContext, { run, parts, key }: Known): (readonly [string, TableKey])[] {
  return parts.map(({ peer, attempt }) => {
    const file = partFile(tenant, run.id, `turn-${peer}`)
    return [`gather:${peer}`, tableKey(tenant, file, contentKey(node.keys.primitives, key, peer, attempt))]
  })
}

/** Before the tables of other nodes come: those are the answer, behind the last round, or behind what a linkage unit compares. */
const rounds = new Set<StepSpec['kind']>(['number', 'seal', 'gather', 'turn', 'encode'])

const nodeOf = (step: StepSpec): string | undefined => (step.kind === 'extract' ? placeOf(step.params.table).node : undefined)

interface Carrying extends Known {
  readonly steps: readonly StepSpec[]
  readonly executor: RunExecutor
  readonly resultKey: Uint8Array
}

async function carryEach(ctx: StepsContext, known: Carrying): Promise<Carried | 'again'> {
  const { steps, run, version, cleared, life } = known
  const { node } = ctx
  const clock = () => instantOf(node.source.nowMs())
  const outputs = new Map<string, StepOutcome>()
  let facts: RunFacts = {}
  let whole = false
  for (const step of steps) {
    if (!whole && treats.has(step.kind)) {
      whole = true
      const rows = Math.max(0, ...step.inputs.map((id) => outputs.get(id)?.manifest.rows ?? 0))
      if (rows < cleared.floor) return { reason: rows === 0 ? emptiedBy(outputs) : 'cohort_too_small', ...where('floor', { floor: cleared.floor }) }
      await ctx.step((tx) => moveRun(tx, run.id, { from: 'running', to: 'treating', at: clock() }))
    }
    life.signal.throwIfAborted()
    const outcome = await outcomeOf(ctx, known, step, outputs)
    if (outcome === 'waiting' || outcome === 'again' || isStop(outcome)) return outcome
    life.signal.throwIfAborted()
    outputs.set(step.id, outcome)
    const found = factsOf(outcome.facts)
    facts = { ...facts, ...found.run }
    await ctx.step(async (tx) => {
      // The run before its step, as the beats of its life write them: the other way round two would wait for each other.
      await keepFacts(tx, run.id, facts)
      await endStep(tx, run.id, step.id, outcome.hash, found.step, clock())
      if (step.kind === 'meet') await forgetSeed(tx, run.id)
      await reviewDoubtful(ctx, tx, { run, version, outcome, at: clock() })
    })
    if (outcome.facts.refused !== undefined) return { reason: 'bound_not_met', ...refusedBy(outcome.facts.refused) }
  }
  return finish(ctx, known, outputs, facts)
}

/** What this node makes of a step, or what another gave in its place. */
async function outcomeOf(
  ctx: StepsContext,
  known: Carrying,
  step: StepSpec,
  outputs: ReadonlyMap<string, StepOutcome>,
): Promise<StepOutcome | Stop | 'waiting' | 'again'> {
  const { run, executor, life, session } = known
  const at = instantOf(ctx.node.source.nowMs())
  const peer = nodeOf(step)
  if (peer !== undefined || step.kind === 'group') {
    const stop = await toUnit(ctx, known, outputs)
    if (stop !== undefined) return stop
    if (await isWaitedFor(ctx, run, at)) return 'waiting'
    // Its groups have come since this attempt began to look; or the unit answered before it had anything to answer.
    const answered = known.parts.some((part) => isUnit(part) && !isOpen(part.state))
    if (step.kind === 'group' && known.secrets.groups === undefined) return answered ? { reason: 'unit_unusable' } : 'again'
  }
  await ctx.step((tx) => beginStep(tx, run.id, step.id, at))
  if (peer !== undefined && step.kind === 'extract') return (await adoptPart(ctx, known, step, peer)) ?? 'again'
  const given = session === undefined ? undefined : await ledStep(ctx, { ...known, session }, step, outputs)
  if (given !== undefined) return given
  const inputs = step.inputs.flatMap((id) => outputs.get(id)?.manifest ?? [])
  return executor.run(step, inputs, { signal: life.signal, onProgress: (share) => life.progress(step.id, share) })
}

/** What this node itself had encoded goes to the linkage unit before others are waited for. */
async function toUnit(ctx: StepsContext, { run, version, parts, executor }: Carrying, outputs: ReadonlyMap<string, StepOutcome>): Promise<Stop | undefined> {
  const unit = unitOf(version.document)
  const own = ownSources(version.document).map(({ as }) => as)
  const part = parts.find(isUnit)
  if (unit === undefined || part === undefined || own.length === 0) return undefined
  const asker = await ctx.step(async (tx) => (await ownIdentity(tx, ctx.node, ctx.tenant))?.identity.name)
  const of = { run: run.id, foreignRun: run.id, asker: asker ?? '', unit, deadline: part.deadline_at, executor, sources: own, outputs }
  return sendEncodings(ctx, of)
}

async function finish(ctx: StepsContext, known: Carrying, outputs: ReadonlyMap<string, StepOutcome>, found: RunFacts): Promise<Stop | undefined> {
  const { run, version, cleared, parts, result, resultKey } = known
  const last = outputs.get('write')
  if (last === undefined) return { reason: 'internal' }
  const said = (outputs.get('aggregate') ?? last).people
  const people = said === undefined ? undefined : peopleFrom(said)
  // Where nothing tells the people of two rows apart, each row is taken for a person.
  const count = people?.size ?? outputs.get('aggregate')?.facts.rows_in ?? last.manifest.rows
  if (count < cleared.floor) return { reason: count === 0 ? 'bound_not_met' : 'cohort_too_small', ...where('floor', { floor: cleared.floor }) }
  const facts = { ...found, people: count }
  // Who is in it is told by what nobody can make again: it compares with nothing, and is not kept.
  const comparable = version.document.linkage?.method.kind === 'session' ? undefined : people
  return keepResult(ctx, { run, version, cleared, parts, result, key: resultKey, manifest: last.manifest, people: comparable, facts, outputs })
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
