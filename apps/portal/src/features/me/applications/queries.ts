import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type Connection = Answer<'/v1/me/applications'>['connections'][number]
export type Scope = Connection['scopes'][number]
export type AuthorizationRequest = Body<'/v1/me/applications/question'>

export const myApplicationsKey = ['my-applications'] as const

export const myApplicationsQuery = queryOptions({
  queryKey: myApplicationsKey,
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/me/applications', { signal }))).connections,
})

export async function withdraw(connection: string): Promise<void> {
  await ask(() => api.DELETE('/v1/me/applications/{connection}', { params: { path: { connection } } }))
  await queryClient.invalidateQueries({ queryKey: myApplicationsKey })
}

/** What an application that sent the browser here asks for. */
export function questionQuery(request: AuthorizationRequest) {
  return queryOptions({
    queryKey: [...myApplicationsKey, 'question', request],
    queryFn: ({ signal }) => ask(() => api.POST('/v1/me/applications/question', { body: request, signal })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** @returns where the browser goes next: the application's own address */
export async function decide(request: AuthorizationRequest, allow: boolean, revision: number): Promise<string> {
  return (await ask(() => api.POST('/v1/me/applications/decision', { body: { ...request, allow, revision } }))).location
}
