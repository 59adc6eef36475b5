import { api, ask, type Row } from '../../../api.ts'
import { cursorPages } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import { disclosuresKey } from '../disclosures/queries.ts'

export type MyConsent = Row<'/v1/me/consents'>

export const myConsentsKey = ['my-consents'] as const

const shownAtOnce = 50

export function myConsentPages() {
  return cursorPages<MyConsent>([...myConsentsKey, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/me/consents', { params: { query: { ...cursor, limit: shownAtOnce } }, signal })),
  )
}

export async function withdrawMyConsent(consent: string, reason: string): Promise<void> {
  const body = reason.trim() === '' ? {} : { reason }
  await ask(() => api.POST('/v1/me/consents/{consent}/withdraw', { params: { path: { consent } }, body }))
  await Promise.all([queryClient.invalidateQueries({ queryKey: myConsentsKey }), queryClient.invalidateQueries({ queryKey: disclosuresKey })])
}
