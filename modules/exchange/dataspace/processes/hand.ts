/** A step that one of the institution's people takes. */
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { problems } from '../problems.ts'
import { type ProcessId, proceedQueue } from '../schema.ts'
import type { Kind } from '../states.ts'
import { ruleOf } from './rule.ts'
import { takeStep } from './step.ts'
import { changeProcess, lockProcess, type ProcessRow } from './store.ts'
import { type HandStep, stepsNow } from './view.ts'

export async function stepByHand(ctx: TransactionContext, kind: Kind, id: ProcessId, step: HandStep): Promise<ProcessRow | Refusal> {
  if (!ctx.node.speaksDataspace) return refuse(problems.off)
  const process = await lockProcess(ctx.tx, id)
  if (process?.kind !== kind) return refuse(doorProblems.not_found)
  const facts = { partner: process.partner_id, object: { kind, id } }
  if (!stepsNow(process).includes(step))
    return refuse(problems.step_refused, `a ${kind} that is ${process.state} has no such step for the ${process.role}`, facts)
  // Whoever goes on with what was suspended is held to the agreement like everybody else.
  const asked = step === 'resume' ? await ruleOf(ctx.node)({ tx: ctx.tx, node: ctx.node, now: ctx.now }, process) : undefined
  if (asked !== undefined && asked.step !== 'wait') return refuse(problems.step_refused, `the agreement does not stand: ${asked.code ?? asked.step}`, facts)
  // What a person accepts is from here on what was agreed to.
  if (step === 'accept') await changeProcess(ctx.tx, process.id, { terms_ours: true })
  const changed = await takeStep(
    ctx,
    ctx.tx,
    { ...process, terms_ours: step === 'accept' || process.terms_ours },
    step,
    step === 'terminate' ? 'ended_by_us' : undefined,
  )
  if (changed === undefined) return refuse(problems.step_refused, undefined, facts)
  await ctx.enqueue(proceedQueue, { process: id })
  return changed
}
