import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Erasure, erasureNews, erasurePages } from './queries.ts'
import { RequestErasure } from './request.tsx'
import { ErasureState } from './state.tsx'

/** Who is to be forgotten, by random ids: no page of the list tells whom. */
export function ErasureList() {
  const { t } = useTranslation('ledger.erasures')
  const can = useCan()
  const pathTo = useObjectPath()
  const columns = useMemo(
    (): ListColumn<Erasure>[] => [
      { name: 'id', label: t('id'), value: (row) => row.id, cell: (row) => <code>{shortened(row.id)}</code>, width: 130, phone: true },
      { name: 'state', label: t('stateLabel'), value: (row) => row.state, cell: (row) => <ErasureState state={row.state} />, width: 200, phone: true },
      { name: 'ground', label: t('ground'), value: (row) => t(`grounds.${row.ground}`), width: 240 },
      {
        name: 'requested_at',
        label: t('requestedAt'),
        value: (row) => row.requested_at,
        cell: (row) => <Moment at={row.requested_at} focusable={false} />,
        width: 150,
      },
      {
        name: 'ended_at',
        label: t('endedAt'),
        value: (row) => row.ended_at,
        cell: (row) => (row.ended_at === null ? '' : <Moment at={row.ended_at} focusable={false} />),
        width: 150,
      },
    ],
    [t],
  )
  return (
    <Page title={t('title')} about={t('about')} actions={can('create', 'erasure') ? <RequestErasure /> : undefined}>
      <RecordList
        name="erasures"
        label={t('title')}
        columns={columns}
        pages={erasurePages}
        live={erasureNews}
        rowId={(row) => row.id}
        open={(row) => pathTo('erasure', row.id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
      />
    </Page>
  )
}
