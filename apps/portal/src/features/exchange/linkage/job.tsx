import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { queryClient, useCan } from '../../../session.ts'
import { meaning } from '../../../theme.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { useOfProject } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import { Who } from '../../../ui/who.tsx'
import { exactShare } from './bits.ts'
import { cancelJob, isOpen, type Job, jobNews, jobsKey, readJob } from './job-queries.ts'
import { JobReport } from './job-report.tsx'
import { JobState } from './jobs.tsx'

const lookMs = 1_000

export function LinkJobPage() {
  const { job = '' } = useParams({ strict: false }) as { job?: string }
  useLive(jobNews, jobsKey)
  const query = useOfProject<Job & { readonly project: string }>([...jobsKey, 'one', job], async (project, signal) => ({
    ...(await readJob(project, job, signal)),
    project,
  }))
  const open = query.data !== undefined && isOpen(query.data)
  useEffect(() => {
    if (!open) return
    const timer = setInterval(() => void queryClient.invalidateQueries({ queryKey: [...jobsKey, 'one', job] }), lookMs)
    return () => clearInterval(timer)
  }, [open, job])
  return (
    <QueryView whole query={query}>
      {(found) => <Shown job={found} />}
    </QueryView>
  )
}

const stages = ['reading', 'linking', 'keeping'] as const

function Shown({ job }: { readonly job: Job & { readonly project: string } }) {
  const { t } = useTranslation('exchange.linkage')
  const format = useFormat()
  const can = useCan()
  const open = isOpen(job)
  const { threshold, review_from, one_to_one, opinions } = job.options
  return (
    <Page
      title={t('jobs.pair', { left: job.left, right: job.right })}
      chip={<JobState state={job.state} />}
      about={t(`jobs.aboutState.${job.state}`)}
      actions={
        open && can('create', 'linkage') ? (
          <ConfirmButton
            label={t('jobs.cancel.label')}
            title={t('jobs.cancel.title')}
            consequence={t('jobs.cancel.consequence')}
            confirm={t('jobs.cancel.label')}
            act={async () => {
              await cancelJob(job.project, job.id)
              void say(t('jobs.cancel.done'))
            }}
          />
        ) : undefined
      }
    >
      <Stack gap="xl">
        {open ? (
          <Progress
            label={t('jobs.progress')}
            done={job.stage === null ? 0 : stages.indexOf(job.stage)}
            of={stages.length}
            now={t(`jobs.stage.${job.stage ?? 'waiting'}`)}
          />
        ) : null}
        {job.reason === null ? null : (
          <Alert color={meaning.deny} title={t(`jobs.because.${job.reason}.what`)}>
            {t(`jobs.because.${job.reason}.todo`)}
          </Alert>
        )}
        <Doubtful job={job} />
        {job.report === null ? null : <JobReport report={job.report} threshold={threshold} />}
        <Facts
          facts={[
            { label: t('jobs.threshold'), value: exactShare(threshold, format) },
            { label: t('jobs.reviewFrom'), value: exactShare(review_from, format) },
            { label: t('jobs.oneToOne'), value: t(one_to_one ? 'jobs.yes' : 'jobs.no') },
            { label: t('jobs.start.opinions'), value: format.number(opinions) },
            { label: t('jobs.askedBy'), value: <Who id={job.created_by} /> },
            { label: t('jobs.askedAt'), value: <Moment at={job.created_at} /> },
            { label: t('jobs.endedAt'), value: job.ended_at === null ? null : <Moment at={job.ended_at} /> },
          ]}
        />
      </Stack>
    </Page>
  )
}

/** Who may decide what is in doubt is led to it; everybody else is told that somebody does. */
function Doubtful({ job }: { readonly job: Job & { readonly project: string } }) {
  const { t } = useTranslation('exchange.linkage')
  const format = useFormat()
  const can = useCan()
  const [{ project = job.project }] = useAddressValues()
  if (job.doubtful === null || job.doubtful === 0) return null
  return (
    <Text>
      {t('jobs.inDoubt', { count: job.doubtful, number: format.number(job.doubtful) })}{' '}
      {can('read', 'link_review') ? (
        <Anchor component={Link} to={`/exchange/link-reviews/${job.id}?project=${project}`} underline="always">
          {t('open')}
        </Anchor>
      ) : null}
    </Text>
  )
}
