import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '../../../api.ts'

export const alertSummaryKey = ['alerts', 'summary'] as const

export const alertSummary = queryOptions({ queryKey: alertSummaryKey, queryFn: ({ signal }) => ask(() => api.GET('/v1/alerts/summary', { signal })) })
