/** Goes on with a process until it waits: hands over what is queued, asks the rule, takes its step, and so on. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { Refusal, type StepsContext, type TransactionContext } from '@gatehouse/runtime/door/operation'
import type { NewEvent } from '@gatehouse/runtime/work/outbox'
import { requestReview } from '../../../governance/approvals/index.ts'
import { participantOf } from '../participants/store.ts'
import { limits, type ProcessId } from '../schema.ts'
import { deliver } from './deliver.ts'
import { ruleOf } from './rule.ts'
import { takeStep } from './step.ts'
import { changeProcess, hasQueued, lockProcess, type ProcessRow } from './store.ts'

/** @returns false where something is left that has to be tried again */
export async function conduct(ctx: StepsContext, id: ProcessId): Promise<boolean> {
  for (let step = 0; step < limits.stepsMax; step++) {
    if (!(await deliver(ctx, id))) return false
    if (!(await ctx.step((tx) => moveOn(ctx, tx, id)))) return true
  }
  return false
}

/** @returns whether something was done */
async function moveOn(ctx: StepsContext, tx: Tx, id: ProcessId): Promise<boolean> {
  const process = await lockProcess(tx, id)
  // The other side first has to know of the step before.
  if (process === undefined || (await hasQueued(tx, id))) return false
  const { step, code } = await ruleOf(ctx.node)({ tx, node: ctx.node, now: ctx.now }, process)
  if (step === 'wait') return false
  if (step === 'review') return park(ctx, tx, process)
  return (await takeStep(ctx, tx, process, step, code)) !== undefined
}

/**
 * The negotiation waits on the review desk. It was begun by a program of the other side, and reviews are asked for by people: whoever registered
 * the participant stands for it, and so does not judge it.
 */
async function park(ctx: StepsContext, tx: Tx, process: ProcessRow): Promise<boolean> {
  const participant = await participantOf(tx, process.partner_id)
  if (participant === undefined || process.review_id !== null) return false
  const events: NewEvent[] = []
  const asking = Object.assign(Object.create(ctx) as TransactionContext, { tx, publish: (event: NewEvent) => void events.push(event) })
  const review = await requestReview(asking, 'dataspace_negotiation', process.id, { author: participant.registered_by as Id<'user'> })
  const object = { kind: 'negotiation', id: process.id }
  if (review instanceof Refusal) {
    // Nobody could judge it: it is ended rather than left lying.
    return (await takeStep(ctx, tx, process, 'terminate', 'review_impossible')) !== undefined
  }
  await changeProcess(tx, process.id, { review_id: review.id, review_state: 'open' })
  await ctx.record(tx, 'dataspace.review_requested', { partner: process.partner_id, object, details: { review: review.id } }, events)
  return true
}
