import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

type Mine = Answer<'/v1/me/credentials'>
export type MyType = Mine['types'][number]
export type MyCredential = Mine['credentials'][number]

const key = ['my-credentials'] as const

export const myCredentialsQuery = queryOptions({ queryKey: key, queryFn: ({ signal }) => ask(() => api.GET('/v1/me/credentials', { signal })) })
export const refreshMine = () => queryClient.invalidateQueries({ queryKey: key })
export const fetchMine = (type: string) => ask(() => api.POST('/v1/me/credentials/offers', { body: { type } }))

export async function revokeMine(credential: string): Promise<void> {
  await ask(() => api.POST('/v1/me/credentials/{credential}/revoke', { params: { path: { credential } } }))
  await refreshMine()
}
