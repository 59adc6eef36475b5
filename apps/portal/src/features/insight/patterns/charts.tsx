import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Chart } from '../../../ui/chart/chart.tsx'
import type { SeriesData } from '../../../ui/chart/data.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { useAxis } from './axis.ts'
import { type Grain, grainOfParts } from './period.ts'
import { type Line, type Narrowed, type Series, type SeriesAsked, seriesQuery } from './queries.ts'
import { bytesTitle, denialsTitle, latencyTitle, requestsTitle, splitTitle, type Words } from './titles.ts'

type Asked = Narrowed & { readonly grain: Grain }
type Split = { readonly by: 'partner' | 'purpose' }

interface Drawn {
  readonly title: string
  readonly unit: string
  readonly kind: SeriesData['kind']
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
  readonly note?: string
}

/** Reads a series and draws what is made of it. */
function SeriesChart({ asked, drawn }: { readonly asked: SeriesAsked; readonly drawn: (series: Series, words: Words) => Drawn }) {
  const { t } = useTranslation('insight.patterns')
  const format = useFormat()
  const axis = useAxis()
  const query = useQuery(seriesQuery(asked))
  return (
    <QueryView query={query}>
      {(series) => {
        const x = series.at.map((at) => axis(at, series.grain))
        const { title, unit, kind, series: lines, note } = drawn(series, { t, format, at: (place) => x[place] ?? '' })
        return (
          <Chart title={title} unit={unit} data={{ kind, xLabel: t(`grain.${series.grain}`), x, series: lines }} {...(note === undefined ? {} : { note })} />
        )
      }}
    </QueryView>
  )
}

const named = (lines: readonly Line[], t: TFunction<'insight.patterns'>) =>
  lines.map(({ key, label, values }) => ({ name: key === null ? t('others') : label, values }))

export function RequestsChart(asked: Asked) {
  return (
    <SeriesChart
      asked={{ ...asked, measure: 'acts' }}
      drawn={(series, words) => ({
        title: requestsTitle(series, words),
        unit: words.t('unit.requests'),
        kind: 'stacked',
        note: words.t('requests.note'),
        series: (['permitted', 'denied'] as const).map((key) => ({
          name: words.t(`outcome.${key}`),
          values: series.lines.find((line) => line.key === key)?.values ?? series.at.map(() => 0),
        })),
      })}
    />
  )
}

/** @param reasons a partner is not told why it was denied: it could learn from sums whom the institution knows */
export function DenialsChart({ reasons, ...asked }: Asked & { readonly reasons: boolean }) {
  const { t } = useTranslation('insight.patterns')
  const all = useQuery(seriesQuery({ ...asked, grain: reasons ? grainOfParts(asked.grain) : asked.grain, measure: 'acts' }))
  return (
    <SeriesChart
      asked={{ ...asked, measure: 'denied', ...(reasons ? { by: 'reason', grain: grainOfParts(asked.grain) } : {}) }}
      drawn={(series, words) => ({
        title: all.data === undefined ? t('denials.title') : denialsTitle(all.data, words),
        unit: t('unit.denials'),
        kind: reasons ? 'stacked' : 'bar',
        note: t(reasons ? 'denials.byReason' : 'denials.note'),
        series: series.lines.map(({ key, values }) => ({
          name: key === null ? t('others') : key === '' ? t('outcome.denied') : t(`reason.${key}`, key),
          values,
        })),
      })}
    />
  )
}

export function SplitChart({ by, ...asked }: Asked & Split) {
  return (
    <SeriesChart
      asked={{ ...asked, measure: 'requested', by }}
      drawn={(series, words) => ({
        title: splitTitle(series, by, words),
        unit: words.t('unit.requests'),
        kind: 'stacked',
        note: words.t(`split.${by}Note`),
        series: named(series.lines, words.t),
      })}
    />
  )
}

const byteSteps = [
  { unit: 'GB', size: 1e9 },
  { unit: 'MB', size: 1e6 },
  { unit: 'kB', size: 1e3 },
] as const

export function BytesChart({ by, ...asked }: Asked & Split) {
  return (
    <SeriesChart
      asked={{ ...asked, measure: 'bytes', by }}
      drawn={(series, words) => {
        const most = Math.max(0, ...series.lines.flatMap(({ values }) => values.map((value) => value ?? 0)))
        const { unit, size } = byteSteps.find((step) => most >= step.size) ?? { unit: 'B', size: 1 }
        return {
          title: bytesTitle(series, by, words),
          unit,
          kind: 'stacked',
          note: words.t('bytes.note'),
          series: named(series.lines, words.t).map(({ name, values }) => ({ name, values: values.map((value) => (value === null ? null : value / size)) })),
        }
      }}
    />
  )
}

export function LatencyChart({ operation, period, grain, partner }: Asked & { readonly operation: 'authorize' | 'redeem' }) {
  return (
    <SeriesChart
      asked={{ period, grain, partner, measure: 'latency' }}
      drawn={(series, words) => ({
        title: latencyTitle(series, operation, words),
        unit: 'ms',
        kind: 'line',
        note: words.t(`latency.${operation}Note`),
        series: (['p50', 'p95', 'p99'] as const).map((quantile) => ({
          name: words.t(`latency.${quantile}`),
          values: series.lines.find((line) => line.key === operation && line.quantile === quantile)?.values ?? [],
        })),
      })}
    />
  )
}
