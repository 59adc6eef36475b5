import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, GatehouseError, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type Erasure = Row<'/v1/erasures'>
export const grounds = [
  'request_of_the_person',
  'consent_withdrawn',
  'objection',
  'no_longer_necessary',
  'retention_ended',
  'unlawful',
  'legal_obligation',
] as const satisfies readonly Erasure['ground'][]

export const erasuresKey = ['erasures'] as const
/** Acts after which an erasure looks different. */
export const erasureNews = [
  'retention.request_erasure',
  'retention.approve_erasure',
  'retention.withdraw_erasure',
  'retention.erasure_held',
  'retention.erasure_released',
  'retention.destroyed',
  'retention.erased',
]

export function erasurePages() {
  return cursorPages<Erasure>(erasuresKey, (cursor, signal) =>
    ask(() => api.GET('/v1/erasures', { params: { query: { ...cursor, limit: pageSize } }, signal })),
  )
}

const over = new Set<Erasure['state']>(['certified', 'withdrawn'])

/** Asked again while something may still happen by itself: the certificate follows without an entry of its own. */
export function erasureQuery(erasure: string) {
  return queryOptions({
    queryKey: [...erasuresKey, erasure],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/erasures/{erasure}', { params: { path: { erasure } }, signal })),
    refetchInterval: ({ state: { data } }) => (data === undefined || over.has(data.state) || data.state === 'requested' ? false : 2_000),
  })
}

const changed = () => queryClient.invalidateQueries({ queryKey: erasuresKey })

export async function requestErasure(body: { user_id: string; ground: Erasure['ground']; reference?: string }): Promise<string> {
  const { id } = await ask(() => api.POST('/v1/erasures', { body }))
  // Whoever asks is the first of two; where the institution has erasures judged by a panel, asks for that instead.
  await ask(() => api.POST('/v1/erasures/{erasure}/approve', { params: { path: { erasure: id } } })).catch(async (error: unknown) => {
    if (!(error instanceof GatehouseError && error.problem.type.endsWith('/review-demanded'))) throw error
    await ask(() => api.POST('/v1/reviews', { body: { kind: 'erasure', object: id } }))
  })
  await changed()
  return id
}

/** @returns whether it begins now, or waits for another person */
export async function approveErasure(erasure: string): Promise<'begun' | 'counted'> {
  const answer = await ask(() => api.POST('/v1/erasures/{erasure}/approve', { params: { path: { erasure } } }))
  await changed()
  return 'state' in answer ? 'begun' : 'counted'
}

export async function withdrawErasure(erasure: string): Promise<void> {
  await ask(() => api.DELETE('/v1/erasures/{erasure}', { params: { path: { erasure } } }))
  await changed()
}

export function readCertificate(erasure: string): Promise<Answer<'/v1/erasures/{erasure}/certificate'>> {
  return ask(() => api.GET('/v1/erasures/{erasure}/certificate', { params: { path: { erasure } } }))
}
