/** The filters of the log: as the address says them, as the node takes them, and as they hold for an entry that just came. */
import { type FilterValues, startOfDay } from '../../../ui/record-list/columns.ts'

export interface EntryQuery {
  readonly type?: string | undefined
  readonly decision?: 'permit' | 'deny' | 'pending' | 'error' | undefined
  readonly partner?: string | undefined
  readonly purpose?: string | undefined
  readonly actor?: string | undefined
  readonly object_kind?: string | undefined
  readonly object_id?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

export function entryQueryOf({ type, decision, partner, purpose, actor, object_kind, object_id, since, until }: FilterValues): EntryQuery {
  return {
    type,
    decision: decision as EntryQuery['decision'],
    partner,
    purpose,
    actor,
    object_kind,
    object_id,
    since: startOfDay(since),
    // The day itself is meant to be in.
    until: startOfDay(until, 1),
  }
}

interface Body {
  readonly type: string
  readonly at: string
  readonly actor: { readonly id: string }
  readonly decision?: string
  readonly partner?: string
  readonly purpose?: string
  readonly object?: { readonly kind: string; readonly id: string }
}

/** Whether the node would list the entry. */
export function matches(query: EntryQuery, { body }: { readonly body: Body }): boolean {
  const said: readonly (readonly [string | undefined, string | undefined])[] = [
    [query.type, body.type],
    [query.decision, body.decision],
    [query.partner, body.partner],
    [query.purpose, body.purpose],
    [query.actor, body.actor.id],
    [query.object_kind, body.object?.kind],
    [query.object_id, body.object?.id],
  ]
  if (said.some(([wanted, is]) => wanted !== undefined && wanted !== is)) return false
  const at = Date.parse(body.at)
  return !(query.since !== undefined && at < Date.parse(query.since)) && !(query.until !== undefined && at >= Date.parse(query.until))
}
