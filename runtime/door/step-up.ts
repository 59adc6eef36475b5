import { Problem } from '@gatehouse/core/problem'
import type { Principal } from '../base/context.ts'
import type { AuditFacts } from './operation.ts'
import { doorProblems } from './problems.ts'

/** How long a proof of a factor opens dangerous acts. */
const stepUpMinutes = 5

/**
 * Whether somebody may carry out a dangerous act without proving a factor anew: whoever walked up to somebody else's open browser
 * gets no further than looking. A program with a key of its own has nobody to ask;
 * an application that acts for somebody has, and cannot.
 */
export function provenLately({ session, application, provenAtMs = 0 }: Pick<Principal, 'session' | 'application' | 'provenAtMs'>, nowMs: number): boolean {
  return (session === undefined && application?.connection === undefined) || nowMs - provenAtMs <= stepUpMinutes * 60_000
}

/** Writes that somebody was asked. @throws Problem `step_up_required`, always */
export async function askForProof(act: { aside(facts: AuditFacts): Promise<void> }): Promise<never> {
  await act.aside({ decision: 'deny', details: { reason: 'step_up_required' } })
  throw new Problem(doorProblems.step_up_required)
}
