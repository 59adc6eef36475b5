/**
 * A session at a node that was asked: it joins with a half of the key, seals its items for the terms that it has looked at, takes its
 * turn once, and answers. Whatever ends its run destroys its secrets.
 */
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { placeOf } from '@gatehouse/query/plan/nodes'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { HeldSession } from '@gatehouse/query/session/steps'
import { halfOf, secretOf, termsFault } from '@gatehouse/query/session/terms'
import type { StepSpec } from '@gatehouse/query/steps/step'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import type { RunExecutor, StepOutcome } from '../../executor/index.ts'
import type { RunLife } from '../../runs/life.ts'
import type { Stop } from '../../runs/stops.ts'
import type { RunRow } from '../../runs/store.ts'
import { besideMessage } from '../files.ts'
import type { ErrandRow } from '../store.ts'
import { brokenBy, gatheredColumns, sessionTable, textFields } from './lead.ts'
import { ownSession } from './own.ts'
import { say, waitForWord } from './say.ts'
import type { BodyOf } from './schema.ts'
import { type WordRow, wordIn } from './store.ts'

export interface FollowedSession {
  readonly party: string
  readonly words: readonly WordRow[]
  readonly seed: Uint8Array
  /** Absent until the session is open. */
  readonly held: HeldSession | undefined
}

/** @returns the session as it stands, or why this node takes no part in it any more */
export async function followedSession(ctx: StepsContext, { id }: RunRow, errand: ErrandRow, plan: QueryPlan): Promise<FollowedSession | Stop> {
  const own = await ownSession(ctx, id, true)
  // Whoever is done with it holds no second one with the same node for the same run.
  if (own?.seed === undefined) return { reason: 'session_broken' }
  const { party, words, seed } = own
  const [join, open] = [wordIn(words, errand.peer, 'join'), wordIn(words, errand.peer, 'open')]
  if (join === undefined || open === undefined) return { party, words, seed, held: undefined }
  const { terms } = open.body
  const nodes = new Map(plan.sources.map(({ as, table }) => [as, placeOf(table).node ?? party]))
  const items = Object.fromEntries(Object.entries(join.body.items).map(([source, count]) => [`${party}/${source}`, count]))
  const fault = termsFault(terms, { run: errand.foreign_run, project: errand.audience, last: errand.peer, half: join.body.half, items, nodes })
  if (fault !== undefined) return brokenBy(errand.peer, fault)
  return { party, words, seed, held: { party, terms, seed, proofs: wordIn(words, errand.peer, 'turn')?.body.proofs ?? {} } }
}

export interface Following {
  readonly run: RunRow
  readonly errand: ErrandRow
  readonly session: FollowedSession
  /** Of the part. */
  readonly key: Uint8Array
  readonly executor: RunExecutor
  readonly life: RunLife
}

/** @returns what was handed to this node, or that it is waited for; `undefined` where the step is its own to do. @throws PartUnusable */
export async function followedStep(
  ctx: StepsContext,
  { run, errand, session, key, executor, life }: Following,
  step: StepSpec,
  outputs: ReadonlyMap<string, StepOutcome>,
): Promise<StepOutcome | 'waiting' | 'again' | undefined> {
  const { party, words, held } = session
  const { peer, foreign_run, attempt, deadline_at: deadline } = errand
  const of = { run: foreign_run, attempt }
  const saying = { id: run.id, peer, thread: foreign_run, deadline }
  if (step.kind === 'seal' && held === undefined) {
    const body = await joining(ctx, session, { ...of, round: 'join' }, outputs)
    await ctx.step((tx) => say(ctx, tx, { ...saying, body }))
    return waitForWord(ctx, run)
  }
  if (step.kind !== 'gather' || held === undefined) return undefined
  const sealed = errand.sources.flatMap((source) => {
    const made = outputs.get(`seal:${source}`)
    return made === undefined ? [] : [{ source, manifest: made.manifest }]
  })
  const tables = Object.fromEntries(sealed.map(({ source, manifest }) => [source, { tenant: ctx.tenant, file: manifest.file }]))
  const attachments = sealed.flatMap(({ source, manifest }) => besideMessage(source, manifest))
  await ctx.step((tx) => say(ctx, tx, { ...saying, body: { ...of, round: 'rows', tables }, attachments }))
  const word = wordIn(words, peer, 'turn')
  if (word === undefined) return waitForWord(ctx, run)
  const turns = held.terms.halves.findIndex((half) => half.party === party)
  const rowsMax = Object.values(held.terms.items).reduce((sum, count) => sum + count, 0)
  const expected = { fields: textFields(gatheredColumns(turns)), rowsMax, key }
  const beside = { blobs: ctx.node.blobs, primitives: ctx.node.keys.primitives }
  return executor.adopt(step, await sessionTable(beside, { peer, what: 'the turn', file: word.files?.turn }, expected, step.kind), life.signal)
}

async function joining(
  ctx: StepsContext,
  { party, seed }: FollowedSession,
  of: Pick<BodyOf<'join'>, 'round' | 'run' | 'attempt'>,
  outputs: ReadonlyMap<string, StepOutcome>,
): Promise<BodyOf<'join'>> {
  const { primitives } = ctx.node.keys
  const group = await sodiumGroup()
  const half = halfOf(group, secretOf(group, primitives, seed, { party, run: of.run }), primitives.randomBytes)
  const items = [...outputs].flatMap(([id, { facts }]) => (facts.kind === 'number' ? [[id.slice('number:'.length), facts.items ?? 0] as const] : []))
  return { ...of, half, items: Object.fromEntries(items) }
}

/** The turn goes with the answer, and with it the secrets that it was taken with. */
export function sayTurned(
  ctx: StepsContext,
  tx: Tx,
  id: RunRow['id'],
  { peer, foreign_run: run, attempt, deadline_at: deadline }: ErrandRow,
  { manifest, facts: { proof = '' } }: StepOutcome,
): Promise<void> {
  const body = { round: 'step' as const, run, attempt, table: { tenant: ctx.tenant, file: manifest.file }, proof }
  return say(ctx, tx, { id, peer, thread: run, body, attachments: besideMessage('step', manifest), deadline })
}
