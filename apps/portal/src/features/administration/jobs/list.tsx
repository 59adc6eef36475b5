import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { queryClient, useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { ShortId, shortened } from '../../../ui/short-id.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Import, importEntries, importsKey, stopImport } from '../../custody/imports/queries.ts'
import { useUploads } from '../../custody/imports/uploads.ts'
import { type Verifying, vaultKey, verifyingQuery } from '../../custody/vault/queries.ts'
import { type Job, type JobState, jobsOf } from './jobs.ts'
import { newestChecks, newestImports } from './queries.ts'

const tones: Readonly<Record<JobState, Tone>> = { open: 'neutral', running: 'info', finished: 'permit', failed: 'deny', stopped: 'attention', found: 'deny' }

export function JobList() {
  const { t } = useTranslation('administration.jobs')
  const can = useCan()
  useLive(importEntries, importsKey)
  useLive(['vault.verify'], [...vaultKey, 'jobs'])
  const imports = useQuery(newestImports)
  const checks = useQuery({ ...newestChecks, enabled: can('use', 'vault') })
  const verifying = useQuery({ ...verifyingQuery, enabled: can('use', 'vault') }).data ?? null
  const jobs = useMemo(() => jobsOf(imports.data ?? [], checks.data ?? []), [imports.data, checks.data])
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={imports}>
        {(found) => (
          <Stack gap="lg">
            <Running imports={found} verifying={verifying} />
            <div>
              <Title order={2} mb="sm">
                {t('all')}
              </Title>
              <Everything jobs={jobs} />
            </div>
          </Stack>
        )}
      </QueryView>
    </Page>
  )
}

function Running({ imports, verifying }: { readonly imports: readonly Import[]; readonly verifying: Verifying | null }) {
  const { t } = useTranslation('administration.jobs')
  const format = useFormat()
  const can = useCan()
  const uploads = useUploads()
  const running = imports.filter(({ status, import_id }) => status === 'running' || uploads.get(import_id)?.state === 'sending')
  return (
    <section aria-labelledby="running">
      <Title order={2} id="running" mb="sm">
        {t('running')}
      </Title>
      {running.length === 0 && verifying === null ? <Text c="dimmed">{t('nothingRuns')}</Text> : null}
      <Stack gap="md">
        {verifying === null ? null : <Progress label={t('kind.check')} done={verifying.blocks} of={verifying.of_blocks} now={t('walking')} />}
        {running.map(({ import_id, record_type, status, progress }) => {
          const upload = uploads.get(import_id)
          const rows = t('rowsSoFar', { count: progress.read, rows: format.number(progress.read), refused: format.number(progress.rejected) })
          return (
            <Stack key={import_id} gap={4}>
              <Progress
                label={t('importing', { name: record_type })}
                done={progress.bytes}
                of={upload?.state === 'sending' ? upload.size : undefined}
                amount={format.bytes}
                now={rows}
              />
              <Group gap="sm">
                <ShortId id={import_id} kind="import" />
                {status === 'running' && can('update', 'import') ? (
                  <ConfirmButton
                    label={t('stop.label')}
                    title={t('stop.title')}
                    consequence={t('stop.consequence')}
                    confirm={t('stop.confirm')}
                    act={async () => {
                      await stopImport(import_id)
                      await queryClient.invalidateQueries({ queryKey: importsKey })
                    }}
                  />
                ) : null}
              </Group>
            </Stack>
          )
        })}
      </Stack>
    </section>
  )
}

function Everything({ jobs }: { readonly jobs: readonly Job[] }) {
  const { t } = useTranslation('administration.jobs')
  const format = useFormat()
  const can = useCan()
  const columns = useMemo(
    (): ListColumn<Job>[] => [
      { name: 'kind', label: t('kindLabel'), value: (job) => t(`kind.${job.kind}`), width: 190, phone: true },
      {
        name: 'state',
        label: t('stateLabel'),
        value: (job) => job.state,
        cell: (job) => <StateChip tone={tones[job.state]}>{t(`state.${job.state}`)}</StateChip>,
        width: 170,
        phone: true,
      },
      { name: 'id', label: t('id'), value: (job) => job.id, cell: (job) => <code>{shortened(job.id)}</code>, width: 130 },
      { name: 'what', label: t('what'), value: (job) => job.what, width: 150 },
      { name: 'rows', label: t('rows'), value: (job) => job.rows, cell: (job) => format.number(job.rows), numeric: true, width: 130 },
      { name: 'faults', label: t('faults'), value: (job) => job.faults, cell: (job) => format.number(job.faults), numeric: true, width: 150 },
      { name: 'begun', label: t('begun'), value: (job) => job.begun, cell: (job) => <Moment at={job.begun} focusable={false} />, width: 150 },
      { name: 'moved', label: t('moved'), value: (job) => job.moved, cell: (job) => <Moment at={job.moved} focusable={false} />, width: 150 },
    ],
    [t, format],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      { kind: 'choice', name: 'state', label: t('stateLabel'), options: Object.keys(tones).map((value) => ({ value, label: t(`state.${value}`) })) },
    ],
    [t],
  )
  return (
    <RecordList
      name="jobs"
      label={t('all')}
      columns={columns}
      filters={filters}
      rows={jobs}
      rowId={(job) => `${job.kind} ${job.id}`}
      open={(job) => (job.kind === 'import' ? `/custody/imports/${job.id}` : `/custody/vault/${job.id}`)}
      empty={
        <EmptyState
          title={t('empty.title')}
          about={t('empty.about')}
          action={
            can('create', 'import') ? (
              <Anchor component={Link} to="/custody/imports/new">
                {t('empty.step')}
              </Anchor>
            ) : undefined
          }
        />
      }
    />
  )
}
