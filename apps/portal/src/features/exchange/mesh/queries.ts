import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row, statusOf } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type MeshMap = Answer<'/v1/mesh/map'>
export type Peer = MeshMap['peers'][number]
export type Message = Row<'/v1/mesh/messages'>
type Projects = Answer<'/v1/mesh/projects'>
export type Joined = Projects['joined'][number]
export type Person = Projects['persons'][number]

export const meshKey = ['mesh'] as const
/** What the ledger tells of it. That a message moved on is in no entry, so the map is asked for besides. */
export const meshNews = ['federation.*', 'query.run_*']
const lookMs = { moving: 1_000, resting: 5_000 } as const

export const mapQuery = queryOptions({
  queryKey: [...meshKey, 'map'],
  queryFn: ({ signal }) => ask<MeshMap>(() => api.GET('/v1/mesh/map', { signal })),
  refetchInterval: ({ state }) => ((state.data?.travelling.length ?? 0) > 0 ? lookMs.moving : lookMs.resting),
})

export const projectsQuery = queryOptions({
  queryKey: [...meshKey, 'projects'],
  queryFn: ({ signal }) => ask<Projects>(() => api.GET('/v1/mesh/projects', { signal })),
})

export type Provider = Answer<'/v1/mesh/provider'>

/** Null where none is named. */
export const providerQuery = queryOptions({
  queryKey: [...meshKey, 'provider'],
  queryFn: ({ signal }) =>
    ask<Provider>(() => api.GET('/v1/mesh/provider', { signal })).catch((error: unknown) => {
      if (statusOf(error) === 404) return null
      throw error
    }),
})

export const messagePages = () =>
  cursorPages<Message>([...meshKey, 'messages'], (cursor, signal) =>
    ask(() => api.GET('/v1/mesh/messages', { params: { query: { ...cursor, limit: pageSize } }, signal })),
  )

const changed = () => queryClient.invalidateQueries({ queryKey: meshKey })

export async function approvePeer(peer: string, fingerprint: string): Promise<void> {
  await ask(() => api.POST('/v1/mesh/peers/{peer}/approve', { params: { path: { peer } }, body: { fingerprint } }))
  await changed()
}

export async function stopPeer(peer: string, step: 'suspend' | 'revoke'): Promise<void> {
  const params = { params: { path: { peer } } }
  await ask(() => (step === 'suspend' ? api.POST('/v1/mesh/peers/{peer}/suspend', params) : api.POST('/v1/mesh/peers/{peer}/revoke', params)))
  await changed()
}

export async function joinProject({ peer, foreign_project }: Joined, project: string): Promise<void> {
  const path = { peer, foreign_project }
  await ask(() => api.POST('/v1/mesh/projects/{peer}/{foreign_project}/join', { params: { path }, body: { project } }))
  await changed()
}

export async function leaveProject({ peer, foreign_project }: Joined): Promise<void> {
  await ask(() => api.POST('/v1/mesh/projects/{peer}/{foreign_project}/leave', { params: { path: { peer, foreign_project } } }))
  await changed()
}

export async function decidePerson(person: string, step: 'approve' | 'revoke'): Promise<void> {
  const params = { params: { path: { person } } }
  await ask(() => (step === 'approve' ? api.POST('/v1/mesh/persons/{person}/approve', params) : api.POST('/v1/mesh/persons/{person}/revoke', params)))
  await changed()
}

export async function nameProvider(provider: Provider): Promise<void> {
  await ask(() => api.PUT('/v1/mesh/provider', { body: provider }))
  await changed()
}

export async function forgetProvider(): Promise<void> {
  await ask(() => api.DELETE('/v1/mesh/provider'))
  await changed()
}
