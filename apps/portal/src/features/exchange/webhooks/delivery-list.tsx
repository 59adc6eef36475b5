import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Delivery, deliveryPages } from './queries.ts'
import { DeliveryState, deliveryStates } from './state.tsx'

/** Every delivery of a webhook that is still kept. */
export function DeliveryList() {
  const { t } = useTranslation('exchange.webhooks')
  const { webhook = '' } = useParams({ strict: false }) as { webhook?: string }
  const pages = useMemo(() => deliveryPages(webhook), [webhook])
  const columns = useMemo(
    (): ListColumn<Delivery>[] => [
      {
        name: 'event_id',
        label: t('delivery.event'),
        value: (row) => row.event_id,
        cell: (row) => <code>{shortened(row.event_id)}</code>,
        width: 130,
        phone: true,
      },
      { name: 'state', label: t('stateLabel'), value: (row) => row.state, cell: (row) => <DeliveryState state={row.state} />, width: 150, phone: true },
      { name: 'type', label: t('delivery.type'), value: (row) => row.type, width: 200 },
      { name: 'attempts', label: t('delivery.attempts'), value: (row) => row.attempts, numeric: true, width: 100 },
      {
        name: 'answer',
        label: t('delivery.answer'),
        value: (row) => row.last_error ?? (row.last_status === null ? null : `HTTP ${String(row.last_status)}`),
        width: 300,
      },
      {
        name: 'created_at',
        label: t('createdAt'),
        value: (row) => row.created_at,
        cell: (row) => <Moment at={row.created_at} focusable={false} />,
        width: 150,
      },
    ],
    [t],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      {
        kind: 'choice',
        name: 'state',
        label: t('stateLabel'),
        options: Object.keys(deliveryStates).map((value) => ({ value, label: t(`delivery.state.${value}`) })),
      },
    ],
    [t],
  )
  return (
    <Page title={t('delivery.listTitle')} about={t('delivery.listAbout')}>
      <RecordList
        name="webhook-deliveries"
        label={t('delivery.listTitle')}
        columns={columns}
        filters={filters}
        pages={pages}
        live={['*']}
        rowId={(row) => row.id}
        empty={<EmptyState title={t('delivery.none')} about={t('delivery.noneAbout')} />}
      />
    </Page>
  )
}
