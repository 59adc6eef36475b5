/** What the rules say about one person. Pure. */
import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'
import { everyType, type RuleTerms } from './schema.ts'

export interface RecordSpan {
  readonly record_type: string
  readonly first_at: Instant
  readonly last_at: Instant
}

/** The same day so many months later, or the last of that month where it is shorter. */
export function monthsAfter(at: Instant, months: number): Instant {
  const from = new Date(instantMs(at))
  const to = new Date(from)
  to.setUTCMonth(from.getUTCMonth() + months, 1)
  const days = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate()
  to.setUTCDate(Math.min(from.getUTCDate(), days))
  return instantOf(to.getTime())
}

/**
 * A person is due once the time of every type of record they have is over: a type without a rule, where there
 * is none for every type, keeps them for ever, and one rule
 * that only archives is enough not to erase, since forgetting is of the whole person.
 */
export function dueAction(spans: readonly RecordSpan[], rules: ReadonlyMap<string, RuleTerms>, now: Instant): RuleTerms['action'] | undefined {
  if (spans.length === 0) return undefined
  let action: RuleTerms['action'] = 'erase'
  for (const { record_type, first_at, last_at } of spans) {
    const rule = rules.get(record_type) ?? rules.get(everyType)
    if (rule === undefined) return undefined
    const from = rule.counts_from === 'first_record' ? first_at : last_at
    if (instantMs(monthsAfter(from, rule.months)) > instantMs(now)) return undefined
    if (rule.action === 'archive') action = 'archive'
  }
  return action
}
