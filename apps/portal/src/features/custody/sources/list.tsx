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
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Source, sourceNews, sourcePages } from './queries.ts'
import { Health } from './state.tsx'

export function SourceList() {
  const { t } = useTranslation('custody.sources')
  const format = useFormat()
  const can = useCan()
  const pathTo = useObjectPath()
  const columns = useMemo(
    (): ListColumn<Source>[] => [
      { name: 'title', label: t('name'), value: (row) => row.title, width: 260, phone: true },
      { name: 'health', label: t('healthLabel'), value: (row) => row.health.state, cell: (row) => <Health source={row} />, width: 170, phone: true },
      { name: 'kind', label: t('kind'), value: (row) => row.kind, width: 150 },
      { name: 'slug', label: t('slug'), value: (row) => row.slug, cell: (row) => <code>{row.slug}</code>, width: 180 },
      { name: 'tables', label: t('tables.title'), value: (row) => row.tables, cell: (row) => format.number(row.tables), numeric: true, width: 100 },
      {
        name: 'checked_at',
        label: t('checkedAt'),
        value: (row) => row.health.checked_at,
        cell: (row) => (row.health.checked_at === null ? '–' : <Moment at={row.health.checked_at} focusable={false} />),
        width: 160,
      },
    ],
    [t, format],
  )
  const begin = can('create', 'data_source') ? (
    <Button component={Link} to="/custody/sources/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('new.open')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} about={t('about')} actions={begin}>
      <RecordList
        name="data-sources"
        label={t('title')}
        columns={columns}
        pages={sourcePages}
        live={sourceNews}
        rowId={(row) => row.id}
        open={(row) => pathTo('data_source', row.id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} action={begin} />}
      />
    </Page>
  )
}
