import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'
import type { Wanted } from '../opt-outs/queries.ts'

export type Ward = Answer<'/v1/me/wards'>['wards'][number]

const wardsKey = ['my-wards'] as const
const disclosuresShown = 50

/** For whom the reader may act now. */
export function wardsQuery() {
  return queryOptions({
    queryKey: [...wardsKey, 'list'],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/me/wards', { signal }))).wards,
  })
}

export function wardQuery(guardianship: string) {
  const path = { guardianship }
  return queryOptions({
    queryKey: [...wardsKey, 'one', guardianship],
    queryFn: async ({ signal }) => {
      const [of, { data: disclosures }, { data: reads }, optOuts] = await Promise.all([
        ask(() => api.GET('/v1/me/wards/{guardianship}/consents', { params: { path }, signal })),
        ask(() => api.GET('/v1/me/wards/{guardianship}/disclosures', { params: { path, query: { limit: disclosuresShown } }, signal })),
        ask(() => api.GET('/v1/me/wards/{guardianship}/reads', { params: { path, query: { limit: disclosuresShown } }, signal })),
        ask(() => api.GET('/v1/me/wards/{guardianship}/opt-outs', { params: { path }, signal })),
      ])
      return { ...of, disclosures, reads, optOuts }
    },
  })
}

const refresh = () => queryClient.invalidateQueries({ queryKey: wardsKey })

export async function giveForWard(guardianship: string, offer: string): Promise<void> {
  await ask(() => api.POST('/v1/me/wards/{guardianship}/consents', { params: { path: { guardianship } }, body: { offer } }))
  await refresh()
}

export async function agreeForWard(guardianship: string, proposal: string): Promise<void> {
  await ask(() => api.POST('/v1/me/wards/{guardianship}/proposals/{proposal}/agree', { params: { path: { guardianship, proposal } } }))
  await refresh()
}

export async function optOutForWard(guardianship: string, opt_out: Wanted): Promise<void> {
  await ask(() => api.POST('/v1/me/wards/{guardianship}/opt-outs', { params: { path: { guardianship } }, body: { opt_out } }))
  await refresh()
}

export async function liftForWard(guardianship: string, opt_out: string): Promise<void> {
  await ask(() => api.POST('/v1/me/wards/{guardianship}/opt-outs/{opt_out}/lift', { params: { path: { guardianship, opt_out } } }))
  await refresh()
}

export async function withdrawForWard(guardianship: string, consent: string): Promise<void> {
  await ask(() => api.POST('/v1/me/wards/{guardianship}/consents/{consent}/withdraw', { params: { path: { guardianship, consent } }, body: {} }))
  await refresh()
}
