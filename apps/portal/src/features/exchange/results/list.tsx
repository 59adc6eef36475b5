import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { WithProject } from '../../../ui/project-choice.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type ResultRow, resultNews, resultPages } from './queries.ts'
import { ResultState } from './state.tsx'

export function ResultList() {
  const { t } = useTranslation('exchange.results')
  return (
    <Page title={t('title')} about={t('about')}>
      <WithProject>{(project) => <List key={project.id} project={project.id} />}</WithProject>
    </Page>
  )
}

function List({ project }: { readonly project: string }) {
  const { t } = useTranslation('exchange.results')
  const format = useFormat()
  const pages = useMemo(() => resultPages(project), [project])
  const columns = useMemo(
    (): ListColumn<ResultRow>[] => [
      { name: 'title', label: t('name'), value: (row) => row.title, width: 300, phone: true },
      {
        name: 'state',
        label: t('stateLabel'),
        value: (row) => row.state,
        cell: (row) => <ResultState state={row.state} partial={row.partial} />,
        width: 150,
        phone: true,
      },
      { name: 'form', label: t('form.label'), value: (row) => t(`form.${row.form}`), width: 160 },
      { name: 'rows', label: t('rows'), value: (row) => row.rows, cell: (row) => format.number(row.rows), numeric: true, width: 110 },
      { name: 'made_at', label: t('madeAt'), value: (row) => row.made_at, cell: (row) => <Moment at={row.made_at} focusable={false} />, width: 160 },
      {
        name: 'expires_at',
        label: t('expiresAt'),
        value: (row) => row.expires_at,
        cell: (row) => <Moment at={row.expires_at} focusable={false} />,
        width: 160,
      },
    ],
    [t, format],
  )
  return (
    <RecordList
      name="query-results"
      label={t('title')}
      columns={columns}
      pages={pages}
      live={resultNews}
      rowId={(row) => row.id}
      open={(row) => `/exchange/results/${row.id}?project=${project}`}
      empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
    />
  )
}
