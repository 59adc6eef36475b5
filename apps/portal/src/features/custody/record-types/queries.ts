import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Row } from '../../../api.ts'

export type RecordType = Row<'/v1/vault/record-types'>

export const recordTypesKey = ['record-types'] as const

export const recordTypesQuery = queryOptions({
  queryKey: recordTypesKey,
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/vault/record-types', { signal }))).data,
})
