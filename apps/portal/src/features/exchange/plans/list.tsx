import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { WithProject } from '../../../ui/project-choice.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type PlanRow, planNews, planPages } from './queries.ts'
import { ApprovalState } from './state.tsx'

export function PlanList() {
  const { t } = useTranslation('exchange.plans')
  return (
    <Page title={t('title')} about={t('about')}>
      <WithProject>{(project) => <List key={project.id} project={project.id} open={project.state === 'active'} />}</WithProject>
    </Page>
  )
}

function List({ project, open }: { readonly project: string; readonly open: boolean }) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const can = useCan()
  const pages = useMemo(() => planPages(project), [project])
  const columns = useMemo(
    (): ListColumn<PlanRow>[] => [
      { name: 'title', label: t('name'), value: (row) => row.title, width: 300, phone: true },
      { name: 'form', label: t('form.short'), value: (row) => t(`form.${row.latest.form}.name`), width: 170 },
      {
        name: 'approval',
        label: t('approval.label'),
        value: (row) => row.latest.approval.state,
        cell: (row) => <ApprovalState approval={row.latest.approval} />,
        width: 190,
        phone: true,
      },
      { name: 'versions', label: t('versions.count'), value: (row) => row.versions, cell: (row) => format.number(row.versions), numeric: true, width: 110 },
      {
        name: 'made_at',
        label: t('changed'),
        value: (row) => row.latest.made_at,
        cell: (row) => <Moment at={row.latest.made_at} focusable={false} />,
        width: 160,
      },
    ],
    [t, format],
  )
  const begin =
    open && can('create', 'query_plan') ? (
      <Button component={Link} to={`/exchange/plans/new?project=${project}`} leftSection={<IconPlus size={16} aria-hidden />}>
        {t('new.open')}
      </Button>
    ) : null
  return (
    <>
      <div>{begin}</div>
      <RecordList
        name="query-plans"
        label={t('title')}
        columns={columns}
        pages={pages}
        live={planNews}
        rowId={(row) => row.id}
        open={(row) => `/exchange/plans/${row.id}?project=${project}`}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} action={begin} />}
      />
    </>
  )
}
