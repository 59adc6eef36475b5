/** The titles of the charts: each says what its numbers show. */
import type { TFunction } from 'i18next'
import type { Format } from '../../../i18n/format.ts'
import { changeIn, peakOf, sizeOf, sum } from './findings.ts'
import type { Line, Series } from './queries.ts'

export interface Words {
  readonly t: TFunction<'insight.patterns'>
  readonly format: Format
  /** How a place on the axis is called. */
  readonly at: (place: number) => string
}

const valuesOf = (lines: readonly Line[], key: string): number[] => (lines.find((line) => line.key === key)?.values ?? []).map((value) => value ?? 0)

export function requestsTitle(series: Series, { t, format, at }: Words): string {
  const requested = valuesOf(series.lines, 'requested')
  const peak = peakOf(requested)
  if (peak === undefined) return t('requests.none')
  return t('requests.peak', { count: sum(requested), all: format.number(sum(requested)), at: at(peak.at), most: format.number(peak.value) })
}

export function denialsTitle(series: Series, { t, format, at }: Words): string {
  const requested = valuesOf(series.lines, 'requested')
  const denied = valuesOf(series.lines, 'denied')
  const counts = { denied: format.number(sum(denied)), requested: format.number(sum(requested)) }
  if (sum(requested) === 0) return t('requests.none')
  if (sum(denied) === 0) return t('denials.none', counts)
  const change = changeIn(denied, requested)
  if (change.kind === 'even') return t('denials.even', { ...counts, share: format.percent(sum(denied) / sum(requested)) })
  return t(`denials.${sizeOf(change)}`, {
    since: at(change.at),
    factor: format.number(Math.round(change.factor)),
    denied: format.number(sum(denied.slice(change.at))),
    requested: format.number(sum(requested.slice(change.at))),
  })
}

export function bytesTitle(series: Series, by: 'partner' | 'purpose', { t, format }: Words): string {
  const all = sum(series.lines.map(({ total }) => total))
  const [first] = series.lines
  if (all === 0 || first === undefined) return t('bytes.none')
  return t(by === 'partner' ? 'bytes.most' : 'bytes.mostPurpose', { all: format.bytes(all), name: first.label, share: format.percent(first.total / all) })
}

/** The worst piece of time: an average would hide it. */
export function latencyTitle(series: Series, operation: 'authorize' | 'redeem', { t, format, at }: Words): string {
  const of = (quantile: Line['quantile']) => series.lines.find((line) => line.key === operation && line.quantile === quantile)?.values ?? []
  const slowest = peakOf(of('p95').map((value) => value ?? 0))
  if (slowest === undefined) return t(`latency.${operation}None`)
  return t(`latency.${operation}`, { at: at(slowest.at), half: format.duration(of('p50')[slowest.at] ?? 0), most: format.duration(slowest.value) })
}

export function splitTitle(series: Series, by: 'partner' | 'purpose', { t, format }: Words): string {
  const all = sum(series.lines.map(({ total }) => total))
  const [first] = series.lines
  if (all === 0 || first === undefined) return t('requests.none')
  return t(`split.${by}`, { name: first.label, count: first.total, part: format.number(first.total), all: format.number(all) })
}
