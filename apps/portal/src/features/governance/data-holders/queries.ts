import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type Holder = Answer<'/v1/data-holders'>['data'][number]

export const dataHoldersKey = ['data-holders'] as const

export const dataHoldersQuery = queryOptions({
  queryKey: dataHoldersKey,
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/data-holders', { signal }))).data,
})

export const teamsQuery = queryOptions({
  queryKey: [...dataHoldersKey, 'teams'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/teams', { params: { query: { limit: 500 } }, signal }))).data,
})

/** @returns whether it was done; otherwise another person has to ask for the same */
export async function nameHolder({ kind, reference, team }: Pick<Holder, 'kind' | 'reference' | 'team'>): Promise<boolean> {
  const answer = await ask(() => api.PUT('/v1/data-holders/{kind}/{reference}', { params: { path: { kind, reference } }, body: { team } }))
  await queryClient.invalidateQueries({ queryKey: dataHoldersKey })
  return !('have' in (answer as object))
}

/** @returns whether it was done; otherwise another person has to ask for the same */
export async function dismissHolder({ kind, reference }: Pick<Holder, 'kind' | 'reference'>): Promise<boolean> {
  const answer = await ask(() => api.DELETE('/v1/data-holders/{kind}/{reference}', { params: { path: { kind, reference } } }))
  await queryClient.invalidateQueries({ queryKey: dataHoldersKey })
  return !('have' in (answer as object))
}
