import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export const accessKey = ['access'] as const

const readRoles = (signal: AbortSignal) => ask(() => api.GET('/v1/roles', { signal }))

export function rolesQuery() {
  return queryOptions({ queryKey: [...accessKey, 'roles'], queryFn: ({ signal }) => readRoles(signal) })
}

export type RoleTable = NonNullable<Awaited<ReturnType<typeof readRoles>>>
export type Action = 'create' | 'read' | 'update' | 'delete' | 'publish' | 'export' | 'use'
export type Level = 'none' | 'read' | 'write'

export function staffQuery() {
  return queryOptions({
    queryKey: [...accessKey, 'staff'],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/users', { params: { query: { kind: 'staff', limit: 100 } }, signal }))).data,
  })
}

export function whoQuery(area: string, action: Action) {
  return queryOptions({
    queryKey: [...accessKey, 'who', area, action],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/access/who', { params: { query: { area: area as never, action } }, signal })),
    enabled: area !== '',
  })
}

export function whatQuery(user: string) {
  return queryOptions({
    queryKey: [...accessKey, 'what', user],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/access/what', { params: { query: { user } }, signal }))).data,
    enabled: user !== '',
  })
}

const refresh = () => queryClient.invalidateQueries({ queryKey: accessKey })

export async function createRole(body: { name: string; summary: string; grants: { area: string; level: Level }[] }): Promise<void> {
  await ask(() => api.POST('/v1/roles', { body: body as never }))
  await refresh()
}

export async function deleteRole(role: string): Promise<void> {
  await ask(() => api.DELETE('/v1/roles/{role}', { params: { path: { role } } }))
  await refresh()
}

export async function giveRole(role: string, user: string): Promise<void> {
  await ask(() => api.PUT('/v1/roles/{role}/holders/{to}/{id}', { params: { path: { role: role as never, to: 'user', id: user } }, body: {} }))
  await refresh()
}
