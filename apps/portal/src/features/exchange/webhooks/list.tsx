import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Webhook, webhookPages } from './queries.ts'
import { WebhookState, webhookStates } from './state.tsx'

export function WebhookList() {
  const { t } = useTranslation('exchange.webhooks')
  const can = useCan()
  const pathTo = useObjectPath()
  const columns = useMemo(
    (): ListColumn<Webhook>[] => [
      { name: 'url', label: t('url'), value: (row) => row.url, width: 340, phone: true },
      { name: 'state', label: t('stateLabel'), value: (row) => row.state, cell: (row) => <WebhookState state={row.state} />, width: 130, phone: true },
      { name: 'types', label: t('types'), value: (row) => (row.types === 'all' ? t('allTypes') : row.types.join(', ')), width: 260 },
      {
        name: 'owner',
        label: t('owner'),
        value: (row) => row.owner ?? t('institution'),
        cell: (row) => (row.owner === null ? t('institution') : <code>{shortened(row.owner)}</code>),
        width: 150,
      },
      {
        name: 'last_delivered_at',
        label: t('lastDelivered'),
        value: (row) => row.last_delivered_at,
        cell: (row) => (row.last_delivered_at === null ? '–' : <Moment at={row.last_delivered_at} focusable={false} />),
        width: 160,
      },
    ],
    [t],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      { kind: 'choice', name: 'state', label: t('stateLabel'), options: Object.keys(webhookStates).map((value) => ({ value, label: t(`state.${value}`) })) },
    ],
    [t],
  )
  const create = can('create', 'webhook') ? (
    <Button component={Link} to="/exchange/webhooks/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('create.title')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} about={t('about')} actions={create}>
      <RecordList
        name="webhooks"
        label={t('title')}
        columns={columns}
        filters={filters}
        pages={webhookPages}
        live={['webhooks.*']}
        rowId={(row) => row.id}
        open={(row) => pathTo('webhook', row.id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} action={create} />}
      />
    </Page>
  )
}
