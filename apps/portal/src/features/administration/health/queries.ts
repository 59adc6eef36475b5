import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'

export type Health = Answer<'/v1/health'>

export const healthKey = ['health'] as const

export const healthQuery = queryOptions({ queryKey: healthKey, queryFn: ({ signal }) => ask(() => api.GET('/v1/health', { signal })) })
