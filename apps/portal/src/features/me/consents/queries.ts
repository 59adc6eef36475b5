import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import { disclosuresKey } from '../disclosures/queries.ts'

export type MyConsent = Row<'/v1/me/consents'>

export const myConsentsKey = ['my-consents'] as const

export type MyOffer = Answer<'/v1/me/consent-offers'>['data'][number]

const shownAtOnce = 50
const toldWithinMs = 2_000

export function myConsentPages() {
  return cursorPages<MyConsent>([...myConsentsKey, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/me/consents', { params: { query: { ...cursor, limit: shownAtOnce } }, signal })),
  )
}

/** How the consent stood before, and who received something because of it. */
export function moreOfMyConsent({ id: consent, withdrawn_at }: MyConsent) {
  const params = { path: { consent } }
  return queryOptions({
    queryKey: [...myConsentsKey, 'more', consent],
    queryFn: async ({ signal }) => {
      const [{ versions }, { copies }] = await Promise.all([
        ask(() => api.GET('/v1/me/consents/{consent}/versions', { params, signal })),
        ask(() => api.GET('/v1/me/consents/{consent}/copies', { params, signal })),
      ])
      return { versions, copies }
    },
    // Whoever holds a copy is told within a second or two, and then it is shown.
    refetchInterval: ({ state }) => (withdrawn_at !== null && state.data?.copies.some(({ told_at }) => told_at === null) ? toldWithinMs : false),
  })
}

export function readMyReceipt(consent: string) {
  return ask(() => api.GET('/v1/me/consents/{consent}/receipt', { params: { path: { consent } } }))
}

/** What the person is asked to agree to. */
export function myOffersQuery() {
  return queryOptions({
    queryKey: [...myConsentsKey, 'offers'],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/me/consent-offers', { signal }))).data,
  })
}

export function myConnectionsQuery() {
  return queryOptions({ queryKey: [...myConsentsKey, 'connections'], queryFn: ({ signal }) => ask(() => api.GET('/v1/me/connections', { signal })) })
}

export async function disconnect(partner: string): Promise<void> {
  await ask(() => api.POST('/v1/me/connections/{partner}/disconnect', { params: { path: { partner } } }))
  await queryClient.invalidateQueries({ queryKey: myConsentsKey })
}

export async function giveMyConsent(offer: string): Promise<void> {
  await ask(() => api.POST('/v1/me/consents', { body: { offer } }))
  await queryClient.invalidateQueries({ queryKey: myConsentsKey })
}

export async function confirmMyConsent(consent: string): Promise<void> {
  await ask(() => api.POST('/v1/me/consents/{consent}/confirm', { params: { path: { consent } } }))
  await queryClient.invalidateQueries({ queryKey: myConsentsKey })
}

export async function withdrawMyConsent(consent: string, reason: string): Promise<void> {
  const body = reason.trim() === '' ? {} : { reason }
  await ask(() => api.POST('/v1/me/consents/{consent}/withdraw', { params: { path: { consent } }, body }))
  await Promise.all([queryClient.invalidateQueries({ queryKey: myConsentsKey }), queryClient.invalidateQueries({ queryKey: disclosuresKey })])
}
