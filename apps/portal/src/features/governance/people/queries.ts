import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'

export type User = Row<'/v1/users'>
export type SessionRow = Row<'/v1/auth/sessions'>

/** The roles that staff is given. */
export const staffRoles = [
  'administrator',
  'officer',
  'auditor',
  'data_owner',
  'data_custodian',
  'researcher',
  'clinician_delegate',
  'application_developer',
] as const
export type StaffRole = (typeof staffRoles)[number]

export const peopleKey = ['people'] as const
export const devicesKey = ['devices'] as const

const refresh = () => queryClient.invalidateQueries({ queryKey: peopleKey })

export function userPages({ kind, role, status }: FilterValues) {
  const query = { kind: kind as 'staff' | 'engineer' | undefined, role: role as StaffRole | undefined, status: status as User['status'] | undefined }
  return cursorPages<User>([...peopleKey, 'list', query], (cursor, signal) =>
    ask(() => api.GET('/v1/users', { params: { query: { ...query, ...cursor, limit: pageSize } }, signal })),
  )
}

export function userQuery(user: string) {
  return queryOptions({
    queryKey: [...peopleKey, user],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/users/{user}', { params: { path: { user } }, signal })),
  })
}

export function userSessionsQuery(user: string) {
  return queryOptions({
    queryKey: [...peopleKey, user, 'sessions'],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/users/{user}/sessions', { params: { path: { user }, query: { limit: pageSize } }, signal })),
  })
}

export async function endUserSession(user: string, session: string): Promise<void> {
  await ask(() => api.DELETE('/v1/users/{user}/sessions/{session}', { params: { path: { user, session } } }))
  await refresh()
}

export async function updateUser(user: string, body: { roles?: StaffRole[]; disabled?: boolean }): Promise<void> {
  await ask(() => api.PATCH('/v1/users/{user}', { params: { path: { user } }, body }))
  await refresh()
}

/** For somebody who has lost phone and recovery codes; ends all sessions. */
export async function resetFactors(user: string): Promise<void> {
  await ask(() => api.DELETE('/v1/users/{user}/factors', { params: { path: { user } } }))
  await refresh()
}

/** @returns the one-time link */
export async function inviteUser(body: { email: string; name: string; roles: StaffRole[] }): Promise<string> {
  const { link } = await ask(() => api.POST('/v1/users', { body }))
  await refresh()
  return link
}

/** @returns the one-time link */
export async function invitePerson(body: { user_id: string; email: string; name?: string }): Promise<string> {
  return (await ask(() => api.POST('/v1/people/invitations', { body }))).link
}

export async function closePerson(userId: string): Promise<void> {
  await ask(() => api.POST('/v1/people/closures', { body: { user_id: userId } }))
}

export function devicesQuery() {
  return queryOptions({
    queryKey: devicesKey,
    queryFn: ({ signal }) => ask(() => api.GET('/v1/auth/sessions', { params: { query: { limit: pageSize } }, signal })),
  })
}

export async function endDevice(session: string): Promise<void> {
  await ask(() => api.DELETE('/v1/auth/sessions/{session}', { params: { path: { session } } }))
  await queryClient.invalidateQueries({ queryKey: devicesKey })
}
