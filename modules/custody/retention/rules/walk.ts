/** Walks all persons with records and judges each by the rules. The preview and the sweep walk alike, so what one shows the other does. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { archivedAmong } from '../../../subjects/index.ts'
import { recordSpans } from '../../vault/index.ts'
import { heldAmong } from '../holds.ts'
import { dueAction } from './due.ts'
import { type RuleTerms, type SweepCounts, sweepPage } from './schema.ts'
import { erasingAmong, sparedAmong } from './store.ts'

export interface Due {
  readonly subject: Id<'subject'>
  readonly action: RuleTerms['action']
}

export interface Judged {
  readonly due: readonly Due[]
  readonly counts: SweepCounts
  /** The last person that was looked at; `undefined` at the end. */
  readonly last: Id<'subject'> | undefined
}

export const noCounts: SweepCounts = { persons: 0, archive: 0, erase: 0, held: 0, spared: 0 }

export function addCounts(a: SweepCounts, b: SweepCounts): SweepCounts {
  return { persons: a.persons + b.persons, archive: a.archive + b.archive, erase: a.erase + b.erase, held: a.held + b.held, spared: a.spared + b.spared }
}

/** One page of persons after a given one. */
export async function judgePage(tx: Tx, rules: ReadonlyMap<string, RuleTerms>, now: Instant, after: Id<'subject'> | undefined): Promise<Judged> {
  const persons = await recordSpans(tx, after, sweepPage)
  const over = persons.flatMap(({ subject, spans }): Due[] => {
    const action = dueAction(spans, rules, now)
    return action === undefined ? [] : [{ subject, action }]
  })
  const ids = over.map(({ subject }) => subject)
  const [erasing, archived, spared, held] = [
    await erasingAmong(tx, ids),
    await archivedAmong(tx, ids),
    await sparedAmong(tx, ids, now),
    await heldAmong(tx, ids),
  ]
  let counts: SweepCounts = { ...noCounts, persons: persons.filter(({ spans }) => spans.length > 0).length }
  const due: Due[] = []
  for (const one of over) {
    if (erasing.has(one.subject) || (one.action === 'archive' && archived.has(one.subject))) continue
    const found = spared.has(one.subject) ? 'spared' : held(one.subject) ? 'held' : one.action
    counts = { ...counts, [found]: counts[found] + 1 }
    if (found === one.action) due.push(one)
  }
  return { due, counts, last: persons.length < sweepPage ? undefined : persons.at(-1)?.subject }
}
