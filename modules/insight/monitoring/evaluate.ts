/**
 * A rule as a fold over the ledger: state and fact in, state and perhaps an alert out. No clock, no database; the same entries
 * in the same order give the same alerts, however they are cut into batches and whichever process folds them.
 */
import type { Id } from '@gatehouse/core/id'
import type { Concern } from './concern.ts'
import type { Condition } from './condition.ts'
import type { Fact } from './fact.ts'
import { forgottenAt, type Memory, remember } from './memory.ts'

export interface Watched {
  readonly condition: Condition
  /** While it lasts, whatever makes the rule fire again about the same is counted on the alert that is there. */
  readonly cool_down_seconds: number
}

/** About one whom the rule watches. JSON. */
export interface RuleState {
  readonly memory: Memory
  readonly raised?: { readonly at: number; readonly entry: Id<'entry'> }
}

export interface Firing {
  /** `repeat`: the alert of `entry` has happened again. */
  readonly outcome: 'raise' | 'repeat'
  /** The entry that raised the alert. */
  readonly entry: Id<'entry'>
  /** What was reached when it fired, in the rule's own measure. */
  readonly observed: number
}

export function evaluate(rule: Watched, state: RuleState | undefined, fact: Fact, concern: Concern): { readonly state: RuleState; readonly alert?: Firing } {
  const { memory, fires } = remember(rule.condition, state?.memory, fact, concern)
  const raised = state?.raised
  if (fires === undefined) return { state: raised === undefined ? { memory } : { memory, raised } }
  if (raised !== undefined && fact.atMs - raised.at < rule.cool_down_seconds * 1_000) {
    return { state: { memory, raised }, alert: { outcome: 'repeat', entry: raised.entry, observed: fires } }
  }
  return { state: { memory, raised: { at: fact.atMs, entry: fact.entry } }, alert: { outcome: 'raise', entry: fact.entry, observed: fires } }
}

/** When the state is as good as none, in milliseconds; `null` for never. */
export function expiresAt(rule: Watched, { memory, raised }: RuleState): number | null {
  const forgotten = forgottenAt(rule.condition, memory)
  if (forgotten === null) return null
  return Math.max(forgotten, raised === undefined ? 0 : raised.at + rule.cool_down_seconds * 1_000)
}
