import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Row } from '../../../api.ts'

export type Purpose = Row<'/v1/purposes'>

export const purposesKey = ['purposes'] as const

export const purposesQuery = queryOptions({
  queryKey: purposesKey,
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/purposes', { signal }))).data,
})

export async function addPurpose({ slug, parent, label }: { slug: string; parent: string; label: string }): Promise<void> {
  await ask(() => api.POST('/v1/purposes', { body: { slug, parent, ...(label.trim() === '' ? {} : { label }) } }))
}
