import { queryOptions } from '@tanstack/react-query'
import { type Answer, apiOf, ask } from '../../../api.ts'

export type NodeEntry = Answer<'/v1/node/log/entries'>['data'][number]

export const nodePageSize = 20

/** Nothing that the key opened is kept once the page is left. */
export function nodeEntriesQuery(credential: string, from: number) {
  return queryOptions({
    queryKey: ['node-log', 'entries', from],
    queryFn: ({ signal }) => ask(() => apiOf(credential).GET('/v1/node/log/entries', { params: { query: { from, limit: nodePageSize } }, signal })),
    gcTime: 0,
    retry: false,
  })
}
