import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { WithProject } from '../../../ui/project-choice.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type JobRow, jobNews, jobPages } from './job-queries.ts'
import { StartJob } from './start-job.tsx'

export function LinkJobList() {
  const { t } = useTranslation('exchange.linkage')
  return (
    <Page title={t('jobs.title')} about={t('jobs.about')}>
      <WithProject>{(project) => <List key={project.id} project={project} />}</WithProject>
    </Page>
  )
}

const tones: Readonly<Record<JobRow['state'], Tone>> = { queued: 'neutral', running: 'info', done: 'permit', failed: 'deny', cancelled: 'neutral' }

export function JobState({ state }: Pick<JobRow, 'state'>) {
  const { t } = useTranslation('exchange.linkage')
  return <StateChip tone={tones[state]}>{t(`jobs.state.${state}`)}</StateChip>
}

function List({ project }: { readonly project: { readonly id: string; readonly state: string } }) {
  const { t } = useTranslation('exchange.linkage')
  const format = useFormat()
  const can = useCan()
  const [starting, setStarting] = useState(false)
  const pages = useMemo(() => jobPages(project.id), [project.id])
  const columns = useMemo((): ListColumn<JobRow>[] => {
    const count = (value: number | null) => (value === null ? '–' : format.number(value))
    return [
      { name: 'tables', label: t('jobs.tables'), value: ({ left, right }) => t('jobs.pair', { left, right }), width: 340, phone: true },
      { name: 'state', label: t('jobs.stateLabel'), value: ({ state }) => state, cell: (row) => <JobState state={row.state} />, width: 140, phone: true },
      {
        name: 'reason',
        label: t('jobs.reason'),
        value: ({ reason }) => reason,
        cell: ({ reason }) => (reason === null ? '–' : t(`jobs.because.${reason}.what`)),
        width: 260,
      },
      { name: 'links', label: t('jobs.links'), value: ({ links }) => links, cell: ({ links }) => count(links), numeric: true, width: 110 },
      { name: 'doubtful', label: t('jobs.doubtful'), value: ({ doubtful }) => doubtful, cell: ({ doubtful }) => count(doubtful), numeric: true, width: 110 },
      {
        name: 'created_at',
        label: t('jobs.askedAt'),
        value: (row) => row.created_at,
        cell: (row) => <Moment at={row.created_at} focusable={false} />,
        width: 160,
      },
    ]
  }, [t, format])
  return (
    <>
      {can('create', 'linkage') && project.state === 'active' ? (
        <div>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setStarting(true)}>
            {t('jobs.start.label')}
          </Button>
        </div>
      ) : null}
      <RecordList
        name="link-jobs"
        label={t('jobs.title')}
        columns={columns}
        pages={pages}
        live={jobNews}
        rowId={({ id }) => id}
        open={({ id }) => `/exchange/link-jobs/${id}?project=${project.id}`}
        empty={<EmptyState title={t('jobs.none.title')} about={t('jobs.none.about')} />}
      />
      {starting ? <StartJob project={project.id} onClose={() => setStarting(false)} /> : null}
    </>
  )
}
