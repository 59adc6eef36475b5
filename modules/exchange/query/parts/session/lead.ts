/**
 * A session at the node that asked for the run: it opens it when all have joined, hands the items from turn to turn, and takes the last
 * turn itself. All that it knows is in rows, so that a process that dies anywhere leaves a session that goes on.
 */
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import { AnonError } from '@gatehouse/linkage/anon/error'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import { type HeldSession, turnedColumn } from '@gatehouse/query/session/steps'
import { halfOf, opened, type SessionHalf, type SessionTerms, secretOf, siteOf, tooMany } from '@gatehouse/query/session/terms'
import { hidden, type StepFacts, type StepSpec } from '@gatehouse/query/steps/step'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import type { Field } from '@gatehouse/tabular/field'
import type { RunExecutor, StepOutcome } from '../../executor/index.ts'
import type { RunLife } from '../../runs/life.ts'
import type { Stop } from '../../runs/stops.ts'
import type { RunRow } from '../../runs/store.ts'
import { besideMessage } from '../files.ts'
import { contentKey } from '../keys.ts'
import { receivedFile } from '../receive.ts'
import { isOpen } from '../states.ts'
import type { PartRow } from '../store.ts'
import { ownSession } from './own.ts'
import { say, waitForWord } from './say.ts'
import { setTerms, type WordRow, wordIn } from './store.ts'

export interface LedSession {
  readonly party: string
  /** In the order of their turns. */
  readonly others: readonly string[]
  readonly terms: SessionTerms | undefined
  readonly words: readonly WordRow[]
  /** Absent once the session has come to its handles. */
  readonly seed: Uint8Array | undefined
}

/** @returns the session as it stands, `undefined` where there is nobody to hold one with, or why it cannot be gone on with */
export async function ledSession(ctx: StepsContext, { id }: RunRow, { linkage }: QueryPlan, parts: readonly PartRow[]): Promise<LedSession | Stop | undefined> {
  if (linkage?.method.kind !== 'session') return undefined
  const there = parts.filter(({ state }) => isOpen(state) || state === 'answered').map(({ peer }) => peer)
  const own = await ownSession(ctx, id, there.length > 0)
  if (own === undefined) return undefined
  const { terms, words, party, seed } = own
  if (there.length === 0 && terms === undefined) return undefined
  const others = terms?.halves.slice(0, -1).map((half) => half.party) ?? there.toSorted()
  const left = parts.find(({ peer }) => terms !== undefined && others.includes(peer) && !there.includes(peer))
  if (left !== undefined) return brokenBy(left.peer, left.reason === null ? 'it left' : `it says ${left.reason}`)
  return { party, others, terms, words, seed }
}

export const brokenBy = (peer: string, why: string): Stop => ({ reason: 'session_broken', detail: `It is ${peer}: ${why}.` })

/** For the steps of this node. */
export function heldBy({ party, terms, words, seed }: LedSession): HeldSession | undefined {
  if (terms === undefined) return undefined
  const proofs = words.flatMap(({ peer, body }) => (body.round === 'step' ? [[peer, body.proof] as const] : []))
  return { party, terms, seed, proofs: Object.fromEntries(proofs) }
}

export interface Leading {
  readonly run: RunRow
  readonly parts: readonly PartRow[]
  readonly session: LedSession
  /** Of the run's scratch files. */
  readonly key: Uint8Array
  readonly executor: RunExecutor
  readonly life: RunLife
}

type Waits = 'waiting' | 'again'
type SessionStep = Extract<StepSpec, { kind: 'seal' | 'gather' | 'turn' | 'meet' }>

const isRound = (step: StepSpec): step is SessionStep => step.kind === 'seal' || step.kind === 'gather' || step.kind === 'turn' || step.kind === 'meet'

/** @returns what another party made of a step, or that it is waited for; `undefined` where the step is this node's to do. @throws PartUnusable */
export async function ledStep(
  ctx: StepsContext,
  leading: Leading,
  step: StepSpec,
  outputs: ReadonlyMap<string, StepOutcome>,
): Promise<StepOutcome | Waits | Stop | undefined> {
  if (!isRound(step)) return undefined
  const { session, run } = leading
  const { terms } = session
  if (terms === undefined) return openSession(ctx, leading, outputs)
  if (step.kind === 'seal') {
    const { source } = step.params
    const part = leading.parts.find(({ sources }) => sources.includes(source))
    if (part === undefined) return undefined
    const word = wordIn(session.words, part.peer, 'rows')
    if (word === undefined) return waitForWord(ctx, run)
    const rowsMax = terms.items[siteOf(part.peer, source)] ?? 0
    return taken(ctx, leading, step, { part, word, name: source, what: `the items of ${source}`, columns: [hidden.sealed], rowsMax })
  }
  const part = leading.parts.find(({ peer }) => peer === step.params.party)
  if (part === undefined || step.kind === 'meet') return undefined
  if (step.kind === 'gather') return handOn(ctx, leading, step, part, outputs)
  const word = wordIn(session.words, part.peer, 'step')
  if (word === undefined) return waitForWord(ctx, run)
  const rowsMax = Object.values(terms.items).reduce((sum, count) => sum + count, 0)
  return taken(ctx, leading, step, { part, word, name: 'step', what: 'its turn', columns: [hidden.turned], rowsMax })
}

/** When all have joined: what they said becomes the terms, which each is told, and to which each holds itself. */
async function openSession(ctx: StepsContext, { run, parts, session }: Leading, outputs: ReadonlyMap<string, StepOutcome>): Promise<Waits | Stop> {
  const { party, others, words, seed } = session
  const { primitives } = ctx.node.keys
  if (seed === undefined) return { reason: 'session_broken' }
  const joined = others.flatMap((peer) => wordIn(words, peer, 'join') ?? [])
  if (joined.length < others.length) return waitForWord(ctx, run)
  const stranger = joined.find(({ peer, body }) => {
    const sources = parts.find((part) => part.peer === peer)?.sources ?? []
    return body.half.party !== peer || Object.keys(body.items).toSorted().join(' ') !== [...sources].toSorted().join(' ')
  })
  if (stranger !== undefined) return brokenBy(stranger.peer, 'it joined with other sources, or under another name, than it was asked for')
  const group = await sodiumGroup()
  const own = [...outputs].flatMap(([id, { facts }]) =>
    facts.kind === 'number' ? [[siteOf(party, id.slice('number:'.length)), facts.items ?? 0] as const] : [],
  )
  const theirs = joined.flatMap(({ peer, body }) => Object.entries(body.items).map(([source, count]) => [siteOf(peer, source), count] as const))
  const half = halfOf(group, secretOf(group, primitives, seed, { party, run: run.id }), primitives.randomBytes)
  const halves: SessionHalf[] = [...joined.map(({ body }) => body.half), half]
  const terms: SessionTerms = { run: run.id, project: run.project_id, halves, items: Object.fromEntries([...own, ...theirs]) }
  const many = tooMany(terms.items)
  if (many !== undefined) return { reason: 'session_broken', detail: `A session cannot be held of it: ${many}.` }
  try {
    opened(group, terms)
  } catch (error) {
    if (error instanceof AnonError) return { reason: 'session_broken', detail: `${error.code}: ${error.message}.` }
    throw error
  }
  return ctx.step(async (tx): Promise<Waits> => {
    if (!(await setTerms(tx, run.id, terms))) return 'again'
    for (const { peer, attempt, deadline_at: deadline } of parts.filter((part) => others.includes(part.peer)))
      await say(ctx, tx, { id: run.id, peer, thread: run.id, body: { round: 'open', run: run.id, attempt, terms }, deadline })
    const details = {
      project: run.project_id,
      nodes: halves.map((one) => one.party).join(' '),
      items: Object.values(terms.items).reduce((sum, count) => sum + count, 0),
    }
    await ctx.record(tx, 'query.session_opened', { object: { kind: 'query_run', id: run.id }, details }, [])
    return 'again'
  })
}

/** All items, as a file under the key of the party's part; and that it is its turn. */
async function handOn(
  ctx: StepsContext,
  { run, session, executor, life }: Leading,
  step: Extract<StepSpec, { kind: 'gather' }>,
  { peer, attempt, deadline_at: deadline }: PartRow,
  outputs: ReadonlyMap<string, StepOutcome>,
): Promise<StepOutcome> {
  const inputs = step.inputs.flatMap((id) => outputs.get(id)?.manifest ?? [])
  const made = await executor.run(step, inputs, { signal: life.signal })
  if (wordIn(session.words, peer, 'turn') !== undefined) return made
  const before = session.others.slice(0, step.params.turns)
  const proofs = Object.fromEntries(before.map((name) => [name, wordIn(session.words, name, 'step')?.body.proof ?? '']))
  const { manifest } = made
  const body = { round: 'turn' as const, run: run.id, attempt, table: { tenant: ctx.tenant, file: manifest.file }, proofs }
  await ctx.step((tx) => say(ctx, tx, { id: run.id, peer, thread: run.id, body, attachments: besideMessage('turn', manifest), deadline }))
  return made
}

interface Taken {
  readonly part: PartRow
  readonly word: WordRow
  /** What the table is called beside the message, and in words. */
  readonly name: string
  readonly what: string
  readonly columns: readonly string[]
  readonly rowsMax: number
}

async function taken(
  { node }: StepsContext,
  { key, executor, life }: Leading,
  step: StepSpec,
  { part, word, name, what, columns, rowsMax }: Taken,
): Promise<StepOutcome> {
  const { primitives } = node.keys
  const expected = { fields: textFields(columns), rowsMax, key: contentKey(primitives, key, part.peer, part.attempt) }
  return executor.adopt(
    step,
    await sessionTable({ blobs: node.blobs, primitives }, { peer: part.peer, what, file: word.files?.[name] }, expected, step.kind),
    life.signal,
  )
}

/** A table of a round, with facts as of a step that gave as many rows. */
export async function sessionTable(
  beside: Parameters<typeof receivedFile>[0],
  file: Parameters<typeof receivedFile>[1],
  expected: Parameters<typeof receivedFile>[2],
  kind: StepFacts['kind'],
) {
  const { manifest, ...table } = await receivedFile(beside, file, expected)
  const facts: StepFacts = { kind, rows_in: manifest.rows, rows_out: manifest.rows, cells_changed: 0, reasons: {} }
  return { ...table, facts }
}

export const textFields = (columns: readonly string[]): Field[] => columns.map((name) => ({ name, type: 'string', sensitivity: 'plain', nullable: false }))

export const gatheredColumns = (turns: number): string[] => [hidden.sealed, ...Array.from({ length: turns }, (_, turn) => turnedColumn(turn))]
