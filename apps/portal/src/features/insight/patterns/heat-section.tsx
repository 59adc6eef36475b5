import { Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import { useAxis } from './axis.ts'
import { Choice } from './choice.tsx'
import { peakOf } from './findings.ts'
import { type Cell, HeatGrid } from './heat-grid.tsx'
import { HeatPlace } from './heat-place.tsx'
import type { PeriodName } from './period.ts'
import { type HeatMap, type HeatOutcome, heatMapQuery, heatOutcomes } from './queries.ts'

const columnKinds = ['hour_of_day', 'hour_of_week', 'day'] as const
const depths = ['partner', 'purpose', 'field'] as const
/** Outcomes whose entries name no fields. */
const withoutFields: readonly HeatOutcome[] = ['requested', 'denied']
const among = <T extends string>(all: readonly T[], text: string | undefined, usual: T): T => all.find((one) => one === text) ?? usual

/** Who got what, for which purpose and when. A row leads to what is under it, a cell to what happened then. */
export function HeatSection({ period }: { readonly period: PeriodName }) {
  const { t } = useTranslation('insight.patterns')
  const format = useFormat()
  const axis = useAxis()
  const [values, change] = useAddressValues()
  const [chosen, setChosen] = useState<Cell>()
  const outcome = among(heatOutcomes, values.counted, 'redeemed')
  const offered = withoutFields.includes(outcome) ? depths.slice(0, 2) : depths
  const depth = among(offered, values.rows, offered.at(-1) ?? 'purpose')
  const columns = among(columnKinds, values.columns, 'hour_of_day')
  const query = useQuery(heatMapQuery({ period, partner: values.partner, purpose: values.purpose, field: values.field, rows: depth, columns, outcome }))
  const choose = (changed: Readonly<Record<string, string | undefined>>) => {
    setChosen(undefined)
    change(changed)
  }
  const nameOf = (column: string): string => {
    if (columns === 'day') return axis(column, 'day')
    const hour = `${String(Number(column) % 24).padStart(2, '0')}:00`
    return columns === 'hour_of_day' ? hour : `${t(`weekday.${String(Math.floor(Number(column) / 24))}`)} ${hour}`
  }
  const titleOf = (map: HeatMap): string => {
    const peak = peakOf(map.columns_total)
    if (peak === undefined) return t('heat.none')
    return t(depth === 'field' ? 'heat.peakFields' : 'heat.peak', {
      at: nameOf(map.columns[peak.at] ?? ''),
      most: format.number(peak.value),
      all: format.number(map.total),
      what: t(`heat.counted.${outcome}`),
    })
  }
  return (
    <Stack component="section" gap="sm" aria-labelledby="heat">
      <Title order={2} id="heat">
        {query.data === undefined ? t('heat.title') : titleOf(query.data)}
      </Title>
      <Text size="sm" c="dimmed">
        {t('heat.note')}
      </Text>
      <Group gap="sm" align="flex-end">
        <Choice
          label={t('heat.countedLabel')}
          value={outcome}
          options={heatOutcomes.map((value) => ({ value, label: t(`heat.counted.${value}`) }))}
          onChange={(value) => choose({ counted: value, rows: undefined })}
        />
        <Choice
          label={t('heat.rowsLabel')}
          value={depth}
          options={offered.map((value) => ({ value, label: t(`heat.rows.${value}`) }))}
          onChange={(value) => choose({ rows: value })}
        />
        <Choice
          label={t('heat.columnsLabel')}
          value={columns}
          options={columnKinds.map((value) => ({ value, label: t(`heat.columns.${value}`) }))}
          onChange={(value) => choose({ columns: value })}
        />
      </Group>
      <QueryView query={query}>
        {(map) =>
          map.rows.length === 0 ? (
            <EmptyState title={t('heat.none')} about={t('heat.noneAbout')} />
          ) : (
            <>
              <HeatGrid map={map} label={titleOf(map)} nameOf={nameOf} chosen={chosen} onChoose={setChosen} />
              {map.rows_left_out === 0 ? null : (
                <Text size="sm" c="dimmed">
                  {t('heat.leftOut', { count: map.rows_left_out })}
                </Text>
              )}
              {chosen === undefined ? null : (
                <HeatPlace
                  map={map}
                  cell={chosen}
                  period={period}
                  outcome={outcome}
                  day={columns === 'day'}
                  nameOf={nameOf}
                  onNarrow={choose}
                  onClose={() => setChosen(undefined)}
                />
              )}
            </>
          )
        }
      </QueryView>
    </Stack>
  )
}
