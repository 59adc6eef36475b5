/** The part of another node in a run of this one: waited for, taken in place of a step of this node's own, or asked for anew. */
import { type Instant, instantOf } from '@gatehouse/core/instant'
import { unitOf } from '@gatehouse/query/plan/nodes'
import { groupedFields } from '@gatehouse/query/steps/group'
import { extractedFields, type StepSecrets } from '@gatehouse/query/steps/run'
import type { StepSpec } from '@gatehouse/query/steps/step'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import type { Field } from '@gatehouse/tabular/field'
import type { RunExecutor, StepOutcome } from '../executor/index.ts'
import type { VersionRow } from '../plans/store.ts'
import type { Cleared } from '../runs/checks.ts'
import type { RunLife } from '../runs/life.ts'
import type { Stop } from '../runs/stops.ts'
import { moveRun, type RunRow } from '../runs/store.ts'
import { planTables } from '../tables.ts'
import { askPart } from './ask.ts'
import { contentKey } from './keys.ts'
import { nothingOf, type PartUnusable, receivedTable } from './receive.ts'
import { limits } from './schema.ts'
import { isOpen } from './states.ts'
import { type PartRow, partsOf } from './store.ts'

/** The run waits where a node has not said its last word; that, and who says it, are written one after the other. */
export async function isWaitedFor(ctx: StepsContext, { id }: RunRow, at: Instant): Promise<boolean> {
  return ctx.step(async (tx) => {
    const open = (await partsOf(tx, id, true)).some(({ state }) => isOpen(state))
    return open && (await moveRun(tx, id, { from: 'running', to: 'waiting_for_node', at }))
  })
}

interface Joining {
  /** As they stood when the run began to look. */
  readonly parts: readonly PartRow[]
  readonly cleared: Cleared
  readonly secrets: StepSecrets
  readonly executor: RunExecutor
  /** Of the run's scratch files. */
  readonly key: Uint8Array
  readonly life: RunLife
}

/**
 * @returns undefined where the node has said its last word since the parts were looked at
 * @throws PartUnusable
 */
export async function adoptPart(
  { node }: StepsContext,
  { parts, cleared, secrets, executor, key, life }: Joining,
  step: Extract<StepSpec, { kind: 'extract' }>,
  peer: string,
): Promise<StepOutcome | undefined> {
  const { primitives } = node.keys
  const part = parts.find((one) => one.peer === peer)
  if (part === undefined || isOpen(part.state)) return undefined
  const { source, columns, rowsMax } = step.params
  const told = planTables(new Map(), cleared.foreign).get(source)
  const read = columns.map((name) => told?.columns.find(({ field }) => field.name === name)?.field as Field)
  // A part that was encoded comes with its groups.
  const fields = groupedFields(extractedFields(primitives, step.params, secrets, read))
  if (part.state !== 'answered') return executor.adopt(step, nothingOf(peer, fields), life.signal)
  const expected = { source, fields, rowsMax, key: contentKey(primitives, key, peer, part.attempt) }
  return executor.adopt(step, await receivedTable({ blobs: node.blobs, primitives }, part, expected), life.signal)
}

interface Begun {
  readonly run: RunRow
  readonly version: VersionRow
  readonly key: Uint8Array
}

/** What a node sent does not open: it may have been damaged on its way, so the node is asked anew, and not for ever. */
export async function askAgain(ctx: StepsContext, begun: Begun, { peer, message }: PartUnusable): Promise<Stop | 'waiting'> {
  const { id } = begun.run
  return ctx.step(async (tx) => {
    const part = (await partsOf(tx, id, true)).find((one) => one.peer === peer)
    // What was compared was compared once: rows that are encoded anew would belong to no group.
    const last = unitOf(begun.version.document) !== undefined
    if (part === undefined || last || part.attempt >= limits.attemptsMax) return { reason: 'part_unusable', detail: `It is ${peer}: ${message}.` }
    await askPart(ctx, tx, begun, { ...part, attempt: part.attempt + 1 })
    await moveRun(tx, id, { from: 'running', to: 'waiting_for_node', at: instantOf(ctx.node.source.nowMs()) })
    return 'waiting'
  })
}
