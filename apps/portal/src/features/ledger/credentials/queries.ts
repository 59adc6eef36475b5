import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Body, type Row } from '../../../api.ts'
import { cursorPages } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type CredentialType = Row<'/v1/credential-types'>
export type Credential = Row<'/v1/credentials'>
export type Presentation = Row<'/v1/presentations'>
export type NewType = Body<'/v1/credential-types'>
export type Question = Body<'/v1/presentations'>

const key = ['credentials'] as const
const rows = 50

export const typesQuery = queryOptions({
  queryKey: [...key, 'types'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/credential-types', { signal }))).data,
})
export const credentialPages = () =>
  cursorPages<Credential>([...key, 'issued'], (cursor, signal) =>
    ask(() => api.GET('/v1/credentials', { params: { query: { ...cursor, limit: rows } }, signal })),
  )
export const presentationPages = () =>
  cursorPages<Presentation>([...key, 'asked'], (cursor, signal) =>
    ask(() => api.GET('/v1/presentations', { params: { query: { ...cursor, limit: rows } }, signal })),
  )

/** Asked again while the wallet has not answered. */
export function presentationQuery(presentation: string) {
  return queryOptions({
    queryKey: [...key, 'presentation', presentation],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/presentations/{presentation}', { params: { path: { presentation } }, signal })),
  })
}

export const refresh = () => queryClient.invalidateQueries({ queryKey: key })

export async function defineType(body: NewType): Promise<void> {
  await ask(() => api.POST('/v1/credential-types', { body }))
  await refresh()
}
export async function retireType(type: string): Promise<void> {
  await ask(() => api.DELETE('/v1/credential-types/{type}', { params: { path: { type } } }))
  await refresh()
}
export const offerTo = (body: { user_id: string; type: string }) => ask(() => api.POST('/v1/credentials/offers', { body }))

export async function changeStatus(credential: string, status: Credential['status']): Promise<void> {
  await ask(() => api.POST('/v1/credentials/{credential}/status', { params: { path: { credential } }, body: { status } }))
  await refresh()
}
export async function askWallet(body: Question) {
  const answer = await ask(() => api.POST('/v1/presentations', { body }))
  await refresh()
  return answer
}
