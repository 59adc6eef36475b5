import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type MyRequest = Answer<'/v1/me/requests'>['requests'][number]
export const kinds = ['access', 'rectification', 'erasure', 'restriction', 'objection', 'portability'] as const
export type Kind = (typeof kinds)[number]

const requestsKey = ['my-requests'] as const

export function myRequestsQuery() {
  return queryOptions({ queryKey: requestsKey, queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/me/requests', { signal }))).requests })
}

export async function makeRequest(kind: Kind, words: string): Promise<void> {
  await ask(() => api.POST('/v1/me/requests', { body: { kind, ...(words.trim() === '' ? {} : { words }) } }))
  await queryClient.invalidateQueries({ queryKey: requestsKey })
}

export function readMyData() {
  return ask(() => api.GET('/v1/me/data'))
}
