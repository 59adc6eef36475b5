import { Alert, Anchor, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { queryClient, useCan } from '../../../session.ts'
import { meaning } from '../../../theme.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { ShortId, shortened } from '../../../ui/short-id.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { FileDrop } from './file-drop.tsx'
import { ImportProgress } from './import-progress.tsx'
import { type ImportWithRejects, importEntries, importQuery, importsKey, type Reject, stopImport } from './queries.ts'
import { ImportState } from './state.tsx'
import { sendFile, useUploads } from './uploads.ts'

export function ImportPage() {
  const { import: id = '' } = useParams({ strict: false }) as { import?: string }
  useLive(importEntries, [...importsKey, id])
  return (
    <QueryView whole query={useQuery(importQuery(id))}>
      {(found) => <Shown shown={found} />}
    </QueryView>
  )
}

function Shown({ shown }: { readonly shown: ImportWithRejects }) {
  const { t } = useTranslation('custody.imports')
  const format = useFormat()
  const can = useCan()
  const upload = useUploads().get(shown.import_id)
  const sending = upload?.state === 'sending'
  const running = sending || shown.status === 'running'
  const { read, imported, repeated, rejected, subjects, bytes } = shown.progress
  return (
    <ObjectPage
      kind="import"
      id={shown.import_id}
      title={t('one', { id: shortened(shown.import_id) })}
      chip={<ImportState status={sending && shown.status === 'open' ? 'running' : shown.status} />}
      about={t(`about.${shown.status}`)}
      actions={
        shown.status === 'running' && can('update', 'import') ? (
          <ConfirmButton
            label={t('stop.label')}
            title={t('stop.title')}
            consequence={t('stop.consequence')}
            confirm={t('stop.confirm')}
            act={async () => {
              await stopImport(shown.import_id)
              await queryClient.invalidateQueries({ queryKey: importsKey })
            }}
          />
        ) : undefined
      }
    >
      <Stack gap="lg">
        {running ? (
          <Stack gap="sm">
            <ImportProgress shown={shown} upload={sending ? upload : undefined} />
            <Text size="sm" c="dimmed">
              {t(sending ? 'progress.leaveTab' : 'progress.leave')}{' '}
              <Anchor component={Link} to="/administration/jobs" underline="always">
                {t('page.jobs')}
              </Anchor>
            </Text>
          </Stack>
        ) : null}
        {upload?.state === 'failed' && shown.status !== 'stopped' ? <ProblemAlert error={upload.error} /> : null}
        <Facts
          facts={[
            { label: t('id'), value: <ShortId id={shown.import_id} /> },
            { label: t('recordType'), value: t('version', { name: shown.record_type, version: shown.record_type_version }) },
            { label: t('rows'), value: format.number(read) },
            { label: t('imported'), value: format.number(imported) },
            { label: t('repeated'), value: format.number(repeated) },
            { label: t('rejected'), value: format.number(rejected) },
            { label: t('subjects'), value: format.number(subjects) },
            { label: t('bytes'), value: format.bytes(bytes) },
            { label: t('createdAt'), value: <Moment at={shown.created_at} /> },
            { label: t('progressedAt'), value: <Moment at={shown.progressed_at} /> },
          ]}
        />
        {!running && shown.status !== 'finished' && can('create', 'import') ? (
          <section aria-labelledby="again">
            <Title order={2} id="again" mb="sm">
              {t(shown.status === 'open' ? 'again.first' : 'again.title')}
            </Title>
            {shown.status === 'open' ? null : (
              <Text mb="sm" maw={720}>
                {t('again.about')}
              </Text>
            )}
            <FileDrop label={t('file.choose')} onFile={(file) => sendFile(shown.import_id, file)} />
          </section>
        ) : null}
        {rejected === 0 ? null : <Rejects shown={shown} />}
      </Stack>
    </ObjectPage>
  )
}

function Rejects({ shown }: { readonly shown: ImportWithRejects }) {
  const { t } = useTranslation('custody.imports')
  const format = useFormat()
  const columns = useMemo(
    (): ListColumn<Reject>[] => [
      { name: 'line', label: t('rejects.line'), value: ({ line }) => line, cell: ({ line }) => format.number(line), numeric: true, width: 100, phone: true },
      { name: 'column', label: t('rejects.column'), value: ({ column }) => column ?? null, width: 200 },
      { name: 'message', label: t('rejects.message'), value: ({ message }) => message, width: 520, phone: true },
    ],
    [t, format],
  )
  const counted = shown.rejects.length
  return (
    <div>
      <Title order={2} mb="sm">
        {t('rejects.title', { count: shown.progress.rejected })}
      </Title>
      <Text mb="sm" maw={720}>
        {t('rejects.about')}
      </Text>
      {counted < shown.progress.rejected ? (
        <Alert color={meaning.attention} mb="sm">
          {counted === 0
            ? t('rejects.later')
            : t('rejects.some', { shown: format.number(counted), count: shown.progress.rejected, all: format.number(shown.progress.rejected) })}
        </Alert>
      ) : null}
      {counted === 0 ? null : (
        <RecordList
          name="import-rejects"
          label={t('rejects.title', { count: shown.progress.rejected })}
          columns={columns}
          rows={shown.rejects}
          rowId={({ line, column, message }) => `${String(line)} ${column ?? ''} ${message}`}
          empty={<EmptyState title={t('rejects.none')} />}
        />
      )}
    </div>
  )
}
