import { Button } from '@mantine/core'
import { IconArrowsDiff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { WithProject } from '../../../ui/project-choice.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type RunRow, runNews, runPages } from './queries.ts'
import { RunState } from './state.tsx'

export function RunList() {
  const { t } = useTranslation('exchange.runs')
  return (
    <Page title={t('title')} about={t('about')}>
      <WithProject>{(project) => <List key={project.id} project={project.id} />}</WithProject>
    </Page>
  )
}

function List({ project }: { readonly project: string }) {
  const { t } = useTranslation('exchange.runs')
  const format = useFormat()
  const pages = useMemo(() => runPages(project), [project])
  const columns = useMemo(
    (): ListColumn<RunRow>[] => [
      { name: 'title', label: t('plan'), value: (row) => t('planVersion', { title: row.title, version: row.version }), width: 300, phone: true },
      { name: 'state', label: t('stateLabel'), value: (row) => row.state, cell: (row) => <RunState state={row.state} />, width: 200, phone: true },
      {
        name: 'reason',
        label: t('reason'),
        value: (row) => row.reason,
        cell: (row) => (row.reason === null ? '–' : t(`why.${row.reason}.what`, row.reason)),
        width: 260,
      },
      { name: 'progress', label: t('progress.short'), value: (row) => row.progress, cell: (row) => format.percent(row.progress), numeric: true, width: 100 },
      { name: 'trigger', label: t('trigger.label'), value: (row) => t(`trigger.${row.trigger}`), width: 130 },
      { name: 'asked_at', label: t('askedAt'), value: (row) => row.asked_at, cell: (row) => <Moment at={row.asked_at} focusable={false} />, width: 160 },
    ],
    [t, format],
  )
  return (
    <>
      <div>
        <Button component={Link} to={`/exchange/runs/compare?project=${project}`} variant="default" leftSection={<IconArrowsDiff size={16} aria-hidden />}>
          {t('compare.open')}
        </Button>
      </div>
      <RecordList
        name="query-runs"
        label={t('title')}
        columns={columns}
        pages={pages}
        live={runNews}
        rowId={(row) => row.id}
        open={(row) => `/exchange/runs/${row.id}?project=${project}`}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
      />
    </>
  )
}
