import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type Standing = Answer<'/v1/ledger/standing'>
export type Stretch = Answer<'/v1/ledger/entries'>
export type Checkpoint = Answer<'/v1/ledger/checkpoints'>['data'][number]

export const logKey = ['log'] as const

export const standingQuery = queryOptions({
  queryKey: [...logKey, 'standing'],
  queryFn: ({ signal }) => ask(() => api.GET('/v1/ledger/standing', { signal })),
})

/** Entries that one page of the table shows. */
export const stretchSize = 20

export function stretchQuery(from: number) {
  return queryOptions({
    queryKey: [...logKey, 'stretch', from],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/ledger/entries', { params: { query: { from, limit: stretchSize } }, signal })),
  })
}

/** The newest checkpoint that was signed over at most so many entries. */
export async function checkpointAtMost(size: number): Promise<Checkpoint | undefined> {
  return (await ask(() => api.GET('/v1/ledger/checkpoints', { params: { query: { at_most: size, limit: 1 } } }))).data[0]
}

export async function growthProof(from: number, to: number): Promise<readonly string[]> {
  if (from === to) return []
  return (await ask(() => api.GET('/v1/ledger/consistency', { params: { query: { from, to } } }))).proof
}

export async function configureLog(body: { publish_log?: boolean; quorum?: number }): Promise<void> {
  await ask(() => api.PATCH('/v1/ledger/settings', { body }))
  await queryClient.invalidateQueries({ queryKey: logKey })
}
