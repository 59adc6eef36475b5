import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type Deployment = Answer<'/v1/deployments'>['deployments'][number]
export type NewDeployment = Body<'/v1/deployments'>
/** What can be changed later; the issuer stays. */
export interface DeploymentChange {
  readonly name: string
  readonly jwks_uri?: string
  readonly audience: string | null
}

const key = ['deployments'] as const

export const deploymentsQuery = queryOptions({
  queryKey: key,
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/deployments', { signal }))).deployments,
})

const refresh = () => queryClient.invalidateQueries({ queryKey: key })
const of = (deployment: string) => ({ params: { path: { deployment } } })

export async function trust(body: NewDeployment): Promise<void> {
  await ask(() => api.POST('/v1/deployments', { body }))
  await refresh()
}

export async function changeDeployment(deployment: string, body: DeploymentChange): Promise<void> {
  await ask(() => api.PATCH('/v1/deployments/{deployment}', { ...of(deployment), body }))
  await refresh()
}

export async function endTrust(deployment: string): Promise<void> {
  await ask(() => api.DELETE('/v1/deployments/{deployment}', of(deployment)))
  await refresh()
}
