import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type OptOut = Answer<'/v1/me/opt-outs'>['opt_outs'][number]
export type OptOuts = Answer<'/v1/me/opt-outs'>
export type Wanted = { scope: 'all' } | { scope: 'purpose'; purpose: string } | { scope: 'data_class'; data_class: string }

const optOutsKey = ['my-opt-outs'] as const

export function optOutsQuery() {
  return queryOptions({ queryKey: optOutsKey, queryFn: ({ signal }) => ask(() => api.GET('/v1/me/opt-outs', { signal })) })
}

const refresh = () => queryClient.invalidateQueries({ queryKey: optOutsKey })

export async function setOptOut(opt_out: Wanted): Promise<void> {
  await ask(() => api.POST('/v1/me/opt-outs', { body: { opt_out } }))
  await refresh()
}

export async function liftOptOut(opt_out: string): Promise<void> {
  await ask(() => api.POST('/v1/me/opt-outs/{opt_out}/lift', { params: { path: { opt_out } } }))
  await refresh()
}
