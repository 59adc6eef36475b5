import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import { usePartnerName } from '../../../ui/partner-names.ts'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Release, releasePages } from './queries.ts'
import { releaseStates } from './state.tsx'

export function ReleaseList() {
  const { t } = useTranslation('exchange.releases')
  const format = useFormat()
  const nameOf = usePartnerName()
  const pathTo = useObjectPath()
  const columns = useMemo(
    (): ListColumn<Release>[] => [
      { name: 'id', label: t('id'), value: (row) => row.id, cell: (row) => <code>{shortened(row.id)}</code>, width: 130, phone: true },
      {
        name: 'state',
        label: t('stateLabel'),
        value: (row) => row.state,
        cell: (row) => <StateChip tone={releaseStates[row.state]}>{t(`state.${row.state}`)}</StateChip>,
        width: 200,
        phone: true,
      },
      { name: 'partner', label: t('partner'), value: (row) => nameOf(row.partner), width: 170 },
      { name: 'purpose', label: t('purpose'), value: (row) => row.purpose, width: 200 },
      { name: 'record_type', label: t('recordType'), value: (row) => row.record_type },
      { name: 'fields', label: t('fields'), value: (row) => row.fields.length, numeric: true, width: 90 },
      {
        name: 'bytes',
        label: t('bytes'),
        value: (row) => row.bytes,
        cell: (row) => (row.bytes === null ? '–' : format.bytes(row.bytes)),
        numeric: true,
        width: 100,
      },
      { name: 'issued_at', label: t('issuedAt'), value: (row) => row.issued_at, cell: (row) => <Moment at={row.issued_at} focusable={false} />, width: 150 },
    ],
    [t, format, nameOf],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      { kind: 'choice', name: 'state', label: t('stateLabel'), options: Object.keys(releaseStates).map((value) => ({ value, label: t(`state.${value}`) })) },
      { kind: 'text', name: 'purpose', label: t('purpose') },
      { kind: 'day', name: 'since', label: t('since') },
      { kind: 'day', name: 'until', label: t('until') },
    ],
    [t],
  )
  return (
    <Page title={t('title')} about={t('about')}>
      <RecordList
        name="releases"
        label={t('title')}
        columns={columns}
        filters={filters}
        pages={releasePages}
        live={['release.*']}
        rowId={(row) => row.id}
        open={(row) => pathTo('release', row.id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
      />
    </Page>
  )
}
