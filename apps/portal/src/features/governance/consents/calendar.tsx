import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { Chart } from '../../../ui/chart/chart.tsx'
import { findingOf } from './finding.ts'

type Months = Answer<'/v1/consents/overview'>['months']

/** Consents given, withdrawn and ending, by month. */
export function ConsentCalendar({ months }: { readonly months: Months }) {
  const { t } = useTranslation('governance.consents')
  const format = useFormat()
  const data = useMemo(
    () => ({
      kind: 'bar' as const,
      xLabel: t('calendar.month'),
      x: months.map(({ month }) => format.month(month)),
      series: (['given', 'withdrawn', 'ending'] as const).map((name) => ({ name: t(`calendar.${name}`), values: months.map((row) => row[name]) })),
    }),
    [months, t, format],
  )
  const finding = findingOf(months)
  const title =
    finding.kind === 'ending'
      ? t('calendar.findingEnding', { count: finding.count, month: format.month(finding.month) })
      : t('calendar.findingGiven', { count: finding.count, month: format.month(finding.month) })
  return <Chart title={title} unit={t('calendar.unit')} data={data} note={t('calendar.note')} />
}
