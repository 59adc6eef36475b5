import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type Publication = NonNullable<Answer<'/v1/proofs/sets'>['publication']>
export type Proof = Row<'/v1/proofs'>

export type LargeRequest = Row<'/v1/proofs/requests'>

export const proofsKey = ['proofs'] as const
export const proofNews = ['proofs.*']

export const setsQuery = queryOptions({
  queryKey: [...proofsKey, 'sets'],
  queryFn: ({ signal }) => ask(() => api.GET('/v1/proofs/sets', { signal })),
})

export const batchesQuery = queryOptions({
  queryKey: [...proofsKey, 'batches'],
  queryFn: ({ signal }) => ask(() => api.GET('/v1/proofs/batches', { params: { query: { limit: 10 } }, signal })),
})

const openStates: readonly LargeRequest['state'][] = ['queued', 'proving']
export const isOpen = ({ state }: LargeRequest) => openStates.includes(state)

/** How far one is stands in no entry of the log: it is asked for, while one is open. */
export const requestsQuery = queryOptions({
  queryKey: [...proofsKey, 'requests'],
  queryFn: ({ signal }) => ask(() => api.GET('/v1/proofs/requests', { params: { query: { limit: 20 } }, signal })),
  refetchInterval: ({ state: { data } }) => (data?.data.some(isOpen) ? 2_000 : false),
})

export async function cancelRequest(request: string): Promise<void> {
  await ask(() => api.DELETE('/v1/proofs/requests/{request}', { params: { path: { request } } }))
  await queryClient.invalidateQueries({ queryKey: proofsKey })
}

export function proofPages() {
  return cursorPages<Proof>([...proofsKey, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/proofs', { params: { query: { ...cursor, limit: pageSize } }, signal })),
  )
}

export async function publishSets(): Promise<void> {
  await ask(() => api.POST('/v1/proofs/publications', {}))
  await queryClient.invalidateQueries({ queryKey: proofsKey })
}

export function readProof(proof: string): Promise<Answer<'/v1/proofs/{proof}'>> {
  return ask(() => api.GET('/v1/proofs/{proof}', { params: { path: { proof } } }))
}

type Claim = Body<'/v1/proofs'>

/** A job makes it; it appears among the requests. */
export async function proveLarge(body: Claim): Promise<void> {
  await ask(() => api.POST('/v1/proofs/requests', { body }))
  await queryClient.invalidateQueries({ queryKey: proofsKey })
}

export async function prove(body: Claim): Promise<Answer<'/v1/proofs/{proof}'>> {
  const { document } = await ask(() => api.POST('/v1/proofs', { body }))
  await queryClient.invalidateQueries({ queryKey: proofsKey })
  return document
}
