import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Entry } from '../../../api.ts'
import { isOfType } from '../../../tail.ts'

export const changesKey = ['ledger', 'changes'] as const

/** Acts by which the house became another: who may do what, what is permitted, and what is watched. */
export const changeTypes = [
  'tenancy.*',
  'identity.invite',
  'identity.update_user',
  'identity.issue_key',
  'identity.revoke_key',
  'partners.*',
  'policies.*',
  'vault.describe',
  'vault.import',
  'webhooks.*',
  'monitoring.create_rule',
  'monitoring.update_rule',
  'monitoring.retire_rule',
  'monitoring.update_settings',
]
/** Of these types, but changing nothing. */
const looking = ['policies.preview', 'policies.compare', 'webhooks.test', 'webhooks.replay']

const pageSize = 500
const pagesMax = 4

/** Newest first. @param since the moment itself is out */
export function changesQuery(since: string) {
  return queryOptions({
    queryKey: [...changesKey, since],
    queryFn: async ({ signal }): Promise<{ changes: readonly Entry[]; more: boolean }> => {
      const changes: Entry[] = []
      let cursor: string | undefined
      for (let page = 0; page < pagesMax; page++) {
        const query = { since, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) }
        const read = await ask(() => api.GET('/v1/logs', { params: { query }, signal }))
        changes.push(...read.data.filter((entry) => entry.body.at > since && isOfType(entry, changeTypes) && !isOfType(entry, looking)))
        if (read.next === null) return { changes, more: false }
        cursor = read.next
      }
      return { changes, more: true }
    },
  })
}
