import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type Publication = NonNullable<Answer<'/v1/proofs/sets'>['publication']>
export type Proof = Row<'/v1/proofs'>

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

export async function prove(body: {
  user_id: string
  grantee: string
  purpose: string
  data_class: string
  request_hash: string
  verifier: string
}): Promise<Answer<'/v1/proofs/{proof}'>> {
  const { document } = await ask(() => api.POST('/v1/proofs', { body }))
  await queryClient.invalidateQueries({ queryKey: proofsKey })
  return document
}
