/** What a rule would have said of a stretch of the past, counted as it goes. Pure; it uses the same fold as the watch. */
import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'
import { concernOf, type Hours } from '../concern.ts'
import { evaluate, type RuleState, type Watched } from '../evaluate.ts'
import type { Fact } from '../fact.ts'
import { wallClock } from '../hours.ts'
import type { ReplayResult } from '../schema.ts'

export interface Period {
  readonly sinceMs: number
  readonly untilMs: number
  readonly examples: number
}

export interface Tally {
  take(fact: Fact): void
  result(capped: boolean, readUntil: Instant): ReplayResult
}

/** Facts before the period are remembered and not counted: the watch would have known them too. */
export function tally(rule: Watched, hours: Hours, { sinceMs, untilMs, examples }: Period): Tally {
  const states = new Map<string, RuleState>()
  const concern = concernOf(rule.condition, hours)
  const clock = wallClock(hours.timezone)
  const days = new Map<string, number>()
  const first: ReplayResult['examples'] = []
  let alerts = 0
  let repeats = 0
  return {
    take(fact) {
      const found = fact.atMs < untilMs ? concern(fact) : undefined
      if (found === undefined) return
      const key = `${found.about.kind}:${found.about.id}`
      const { state, alert } = evaluate(rule, states.get(key), fact, found)
      states.set(key, state)
      if (alert === undefined || fact.atMs < sinceMs) return
      if (alert.outcome === 'repeat') {
        repeats += 1
        return
      }
      alerts += 1
      const { day } = clock(fact.atMs)
      days.set(day, (days.get(day) ?? 0) + 1)
      if (first.length < examples)
        first.push({ about: found.about, at: instantOf(fact.atMs), entry: fact.entry, entry_index: fact.index, observed: alert.observed })
    },
    result: (capped, readUntil) => ({
      alerts,
      repeats,
      per_week: (alerts * 7 * 86_400_000) / Math.max(1, (capped ? instantMs(readUntil) : untilMs) - sinceMs),
      days: [...days].sort(([left], [right]) => (left < right ? -1 : 1)).map(([day, count]) => ({ day, alerts: count })),
      examples: first,
      capped,
      read_until: readUntil,
    }),
  }
}
