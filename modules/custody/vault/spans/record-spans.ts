import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { spansAfter } from './store.ts'

export interface PersonSpans {
  readonly subject: Id<'subject'>
  readonly spans: readonly { readonly record_type: string; readonly first_at: Instant; readonly last_at: Instant }[]
}

/** Since when and until when persons have records, by type; in the order of their ids, exactly so many after a given one but at the end. Opens nothing. */
export async function recordSpans(tx: Tx, after: Id<'subject'> | undefined, persons: number): Promise<PersonSpans[]> {
  const byPerson = new Map<Id<'subject'>, PersonSpans['spans'][number][]>()
  for (const { subject_id, record_type, first_at, last_at } of await spansAfter(tx, after, persons)) {
    const before = byPerson.get(subject_id) ?? []
    byPerson.set(subject_id, record_type === null ? before : [...before, { record_type, first_at, last_at }])
  }
  return [...byPerson].map(([subject, spans]) => ({ subject, spans }))
}
