import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'

export type ApiKey = Row<'/v1/api-keys'>

export const apiKeysKey = ['api-keys'] as const

/** Without filters: the node lists all of them, the newest first. */
export function apiKeyPages() {
  return cursorPages<ApiKey>([...apiKeysKey, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/api-keys', { params: { query: { ...cursor, limit: pageSize } }, signal })),
  )
}

/** By id the names of those who own keys, as far as the first page of each list knows them. */
export function ownersQuery() {
  return queryOptions({
    queryKey: [...apiKeysKey, 'owners'],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, string>> => {
      const params = { query: { limit: pageSize } }
      const [partners, users] = await Promise.all([ask(() => api.GET('/v1/partners', { params, signal })), ask(() => api.GET('/v1/users', { params, signal }))])
      return new Map([...partners.data, ...users.data].map(({ id, name }) => [id, name]))
    },
  })
}
