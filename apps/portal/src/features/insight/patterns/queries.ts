import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { type Grain, type PeriodName, spanOf } from './period.ts'

export type Series = Answer<'/v1/insight/series'>
export type Line = Series['lines'][number]
export type HeatMap = Answer<'/v1/insight/heat-map'>
export type HeatRow = HeatMap['rows'][number]

/** The first part of every key, for the counters' news. */
export const patternsKey = ['patterns'] as const

export interface Narrowed {
  readonly period: PeriodName
  readonly partner?: string | undefined
  readonly purpose?: string | undefined
}

export interface SeriesAsked extends Narrowed {
  readonly grain: Grain
  readonly measure: 'acts' | 'bytes' | 'latency' | 'requested' | 'denied'
  readonly by?: 'partner' | 'purpose' | 'reason' | undefined
}

/** The span ends when it is read, so that what is read anew has moved on. */
export function seriesQuery({ period, ...asked }: SeriesAsked) {
  return queryOptions({
    queryKey: [...patternsKey, 'series', period, asked],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/insight/series', { params: { query: { ...spanOf(period, Date.now()), ...asked } }, signal })),
    placeholderData: keepPreviousData,
  })
}

export interface HeatAsked extends Narrowed {
  readonly field?: string | undefined
  readonly rows: 'partner' | 'purpose' | 'field'
  readonly columns: 'hour_of_day' | 'hour_of_week' | 'day'
  readonly outcome: HeatOutcome
}
export const heatOutcomes = ['redeemed', 'permitted', 'requested', 'denied', 'staff_read'] as const
export type HeatOutcome = (typeof heatOutcomes)[number]

export function heatMapQuery({ period, ...asked }: HeatAsked) {
  return queryOptions({
    queryKey: [...patternsKey, 'heat', period, asked],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/insight/heat-map', { params: { query: { ...spanOf(period, Date.now()), ...asked } }, signal })),
    placeholderData: keepPreviousData,
  })
}
