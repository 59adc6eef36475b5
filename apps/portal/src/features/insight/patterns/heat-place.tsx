import { Anchor, Button, CloseButton, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useOpen } from '../../../ui/use-open.ts'
import { type Cell, rowName } from './heat-grid.tsx'
import { type PeriodName, spanOf } from './period.ts'
import type { HeatMap, HeatOutcome } from './queries.ts'

interface HeatPlaceProps {
  readonly map: HeatMap
  readonly cell: Cell
  readonly period: PeriodName
  readonly outcome: HeatOutcome
  /** Whether a column is a day of its own. */
  readonly day: boolean
  readonly nameOf: (column: string) => string
  readonly onNarrow: (values: Readonly<Record<string, string | undefined>>) => void
  readonly onClose: () => void
}

/** The ledger's type of the entries that are counted. */
const typeOf: Readonly<Record<HeatOutcome, { readonly type: string; readonly decision?: string }>> = {
  redeemed: { type: 'release.redeem', decision: 'permit' },
  permitted: { type: 'release.authorize', decision: 'permit' },
  requested: { type: 'release.authorize' },
  denied: { type: 'release.authorize', decision: 'deny' },
  staff_read: { type: 'release.read_record', decision: 'permit' },
}

/** What one place of the matrix says in words, and the ways on from it. */
export function HeatPlace({ map, cell, period, outcome, day, nameOf, onNarrow, onClose }: HeatPlaceProps) {
  const { t } = useTranslation('insight.patterns')
  const format = useFormat()
  const heading = useRef<HTMLHeadingElement>(null)
  const open = useOpen()
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever chose a place goes on from what is said of it
  useEffect(() => heading.current?.focus(), [cell])
  const row = map.rows[cell.row]
  if (row === undefined) return null
  const column = cell.column === undefined ? undefined : map.columns[cell.column]
  const { from, to } = day && column !== undefined ? { from: column, to: column } : spanOf(period, Date.now())
  const days = { since: from.slice(0, 10), until: to.slice(0, 10) }
  const about = { partner: row.partner.id, ...(row.purpose === null ? {} : { purpose: row.purpose }) }
  const deeper = row.purpose === null ? 'purpose' : row.field === null ? 'field' : undefined
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="heat-place">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={3} id="heat-place" ref={heading} tabIndex={-1}>
            {rowName(row)}
          </Title>
          <CloseButton onClick={onClose} aria-label={t('close')} />
        </Group>
        <Text>
          {cell.column === undefined || column === undefined
            ? t('heat.place.row', { count: row.total, number: format.number(row.total), what: t(`heat.counted.${outcome}`) })
            : t('heat.place.cell', {
                number: format.number(row.values[cell.column] ?? 0),
                all: format.number(row.total),
                at: nameOf(column),
                what: t(`heat.counted.${outcome}`),
              })}
        </Text>
        <Group gap="md">
          <Button
            variant="default"
            size="compact-md"
            onClick={() => onNarrow({ ...about, field: row.field ?? undefined, ...(deeper === undefined ? {} : { rows: deeper }) })}
          >
            {t('heat.place.narrow')}
          </Button>
          {open('/insight/disclosures') ? (
            <Anchor renderRoot={(props) => <Link {...props} to="/insight/disclosures" search={{ partner: row.partner.reference, ...days }} />}>
              {t('heat.place.disclosures')}
            </Anchor>
          ) : null}
          {open('/ledger/audit') ? (
            <Anchor renderRoot={(props) => <Link {...props} to="/ledger/audit" search={{ ...about, ...typeOf[outcome], ...days }} />}>
              {t('heat.place.audit')}
            </Anchor>
          ) : null}
        </Group>
      </Stack>
    </Paper>
  )
}
