import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type PersonsRequest = Row<'/v1/requests'>
export type Step = 'identify' | 'begin' | 'extend' | 'complete' | 'refuse'
export type Clock = Answer<'/v1/request-settings'>

/** The first part of every key, for `useLive`. */
export const requestsKey = ['requests'] as const

/** Entries that change the queue. */
export const requestActs = ['requests.make', 'requests.advance', 'requests.lift'] as const

const shownAtOnce = 100

export function requestsQuery(closed: boolean) {
  return queryOptions({
    queryKey: [...requestsKey, 'list', closed],
    queryFn: async ({ signal }) =>
      (await ask(() => api.GET('/v1/requests', { params: { query: { limit: shownAtOnce, closed: closed ? 'true' : 'false' } }, signal }))).data,
  })
}

export function clockQuery() {
  return queryOptions({ queryKey: [...requestsKey, 'clock'], queryFn: ({ signal }) => ask(() => api.GET('/v1/request-settings', { signal })) })
}

const refresh = () => queryClient.invalidateQueries({ queryKey: requestsKey })

export async function advance(request: string, step: Step, reason: string): Promise<void> {
  await ask(() => api.POST('/v1/requests/{request}/advance', { params: { path: { request } }, body: { step, ...(reason.trim() === '' ? {} : { reason }) } }))
  await refresh()
}

export async function lift(request: string, reason: string): Promise<void> {
  await ask(() => api.POST('/v1/requests/{request}/lift', { params: { path: { request } }, body: { reason } }))
  await refresh()
}

export async function updateClock(clock: Clock): Promise<void> {
  await ask(() => api.PUT('/v1/request-settings', { body: clock }))
  await refresh()
}
