import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Entry } from '../../../api.ts'
import { read, typesOf } from './kinds.ts'
import { type Alert, alertsKey, type Condition } from './queries.ts'

/** Entries that an alert shows; the audit has them all. */
export const shownMax = 20
/** Types that are looked for; each is a question of its own. */
const typesMax = 6

/**
 * The entries within the rule's window that speak of whom the alert is about, newest first, and in any case the one at which the
 * rule fired. A source's failures stand in the node's own log and are not shown.
 */
export function behindQuery(alert: Alert, condition: Condition | undefined) {
  return queryOptions({
    queryKey: [...alertsKey, alert.id, 'behind', alert.last_entry, condition],
    queryFn: async ({ signal }): Promise<Entry[]> => {
      const fired = alert.about.kind === 'source' ? [] : [await ask(() => api.GET('/v1/logs/{entry}', { params: { path: { entry: alert.entry } }, signal }))]
      const found =
        condition === undefined
          ? []
          : await Promise.all(
              typesOf(condition)
                .slice(0, typesMax)
                .map((type) => entriesOf(alert, condition, type, signal)),
            )
      const all = new Map([...found.flat(), ...fired].map((entry) => [entry.id, entry]))
      return [...all.values()].sort((left, right) => (left.body.at < right.body.at ? 1 : -1)).slice(0, shownMax)
    },
  })
}

async function entriesOf(alert: Alert, condition: Condition, type: string, signal: AbortSignal): Promise<readonly Entry[]> {
  const { kind, id } = alert.about
  if (kind === 'source' || (kind === 'type' && type !== id)) return []
  const window = read(condition, 'window_seconds')
  const decision = decisionOf(condition)
  const query = {
    type,
    ...(decision === undefined ? {} : { decision }),
    ...(kind === 'partner' ? { partner: id } : kind === 'user' ? { actor: id } : {}),
    since: new Date(Date.parse(alert.at) - (typeof window === 'number' ? window : 0) * 1_000).toISOString(),
    until: new Date(Date.parse(alert.last_at) + 1).toISOString(),
    limit: shownMax,
  }
  return (await ask(() => api.GET('/v1/logs', { params: { query }, signal }))).data
}

function decisionOf(condition: Condition): Entry['body']['decision'] {
  if (condition.kind === 'rate') return condition.decision
  return condition.kind === 'replayed_token' || condition.kind === 'failed_proof' ? 'deny' : undefined
}
