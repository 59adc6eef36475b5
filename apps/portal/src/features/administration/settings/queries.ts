import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type Tenant = Answer<'/v1/tenant'>
export type WorkingHours = NonNullable<Tenant['settings']['working_hours']>
export type Weekday = WorkingHours['days'][number]

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const satisfies readonly Weekday[]

export type SecondFactor = NonNullable<Tenant['settings']['second_factor']>
export const secondFactors = ['staff', 'everybody', 'nobody'] as const satisfies readonly SecondFactor[]

export function tenantQuery() {
  return queryOptions({ queryKey: ['tenant'], queryFn: ({ signal }) => ask(() => api.GET('/v1/tenant', { signal })) })
}

export type Boundaries = NonNullable<Tenant['settings']['boundaries']>
export type Boundary = NonNullable<Boundaries['portal']>
export type Door = keyof Boundaries

export function ownPlaceQuery() {
  return queryOptions({ queryKey: ['tenant', 'own-place'], queryFn: ({ signal }) => ask(() => api.GET('/v1/tenant/own-place', { signal })) })
}

export async function changeBoundaries(boundaries: Boundaries, revision: number): Promise<void> {
  const body = { settings: { boundaries }, if_revision: revision }
  queryClient.setQueryData(tenantQuery().queryKey, await ask(() => api.PATCH('/v1/tenant', { body })))
}

export interface Change {
  readonly name: string
  readonly settings: { timezone: string; working_hours: WorkingHours; second_factor: SecondFactor; mailed_code: boolean; texted_code: boolean }
  /** The node refuses a change of what somebody else has changed meanwhile. */
  readonly if_revision: number
}

export async function changeTenant(body: Change): Promise<void> {
  queryClient.setQueryData(tenantQuery().queryKey, await ask(() => api.PATCH('/v1/tenant', { body })))
}
