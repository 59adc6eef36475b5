import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type RecordType, recordTypesKey, recordTypesQuery } from './queries.ts'
import { RetentionRules } from './rules.tsx'

export function RecordTypeList() {
  const { t } = useTranslation('custody.record-types')
  useLive(['vault.plan_import'], recordTypesKey)
  const columns = useMemo(
    (): ListColumn<RecordType>[] => [
      { name: 'record_type', label: t('recordType'), value: (row) => row.record_type, width: 200, phone: true },
      { name: 'version', label: t('version'), value: (row) => row.version, numeric: true, width: 100, phone: true },
      { name: 'fields', label: t('fields'), value: (row) => row.fields.length, numeric: true, width: 100 },
      { name: 'names', label: t('names'), value: (row) => row.fields.map(({ name }) => name).join(', '), width: 420 },
      { name: 'subject_column', label: t('subject'), value: (row) => row.subject_column, width: 160 },
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
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={useQuery(recordTypesQuery)}>
        {(types) => (
          <Stack gap="xl">
            <RecordList
              name="record-types"
              label={t('title')}
              columns={columns}
              rows={types}
              rowId={(row) => `${row.record_type} ${String(row.version)}`}
              open={(row) => `/custody/record-types/${row.record_type}`}
              empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
            />
            <RetentionRules types={[...new Set(types.map(({ record_type }) => record_type))]} />
          </Stack>
        )}
      </QueryView>
    </Page>
  )
}
