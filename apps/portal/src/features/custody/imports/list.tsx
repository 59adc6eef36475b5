import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Import, importEntries, importPages } from './queries.ts'
import { ImportState, importTones } from './state.tsx'

export function ImportList() {
  const { t } = useTranslation('custody.imports')
  const format = useFormat()
  const can = useCan()
  const pathTo = useObjectPath()
  const columns = useMemo(
    (): ListColumn<Import>[] => [
      { name: 'id', label: t('id'), value: (row) => row.import_id, cell: (row) => <code>{shortened(row.import_id)}</code>, width: 130, phone: true },
      { name: 'status', label: t('stateLabel'), value: (row) => row.status, cell: (row) => <ImportState status={row.status} />, width: 140, phone: true },
      { name: 'record_type', label: t('recordType'), value: (row) => row.record_type },
      { name: 'read', label: t('rows'), value: (row) => row.progress.read, cell: (row) => format.number(row.progress.read), numeric: true, width: 110 },
      {
        name: 'imported',
        label: t('imported'),
        value: (row) => row.progress.imported,
        cell: (row) => format.number(row.progress.imported),
        numeric: true,
        width: 110,
      },
      {
        name: 'rejected',
        label: t('rejected'),
        value: (row) => row.progress.rejected,
        cell: (row) => format.number(row.progress.rejected),
        numeric: true,
        width: 110,
      },
      { name: 'bytes', label: t('bytes'), value: (row) => row.progress.bytes, cell: (row) => format.bytes(row.progress.bytes), numeric: true, width: 110 },
      {
        name: 'created_at',
        label: t('createdAt'),
        value: (row) => row.created_at,
        cell: (row) => <Moment at={row.created_at} focusable={false} />,
        width: 150,
      },
    ],
    [t, format],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      { kind: 'choice', name: 'status', label: t('stateLabel'), options: Object.keys(importTones).map((value) => ({ value, label: t(`state.${value}`) })) },
    ],
    [t],
  )
  const begin = can('create', 'import') ? (
    <Button component={Link} to="/custody/imports/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('new.title')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} about={t('about.list')} actions={begin}>
      <RecordList
        name="imports"
        label={t('title')}
        columns={columns}
        filters={filters}
        pages={importPages}
        live={importEntries}
        rowId={(row) => row.import_id}
        open={(row) => pathTo('import', row.import_id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} action={begin} />}
      />
    </Page>
  )
}
