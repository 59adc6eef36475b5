import { Alert, Autocomplete, Button, FileButton, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDownload, IconFileUpload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { meaning } from '../../../theme.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId, shortened } from '../../../ui/short-id.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { Who } from '../../../ui/who.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { purposesQuery } from '../../exchange/releases/queries.ts'
import { contentAddress, type Document, documentNews, documentQuery, documentsKey, removeDocument, scanAgain, type Version } from './queries.ts'
import { HeldChip, ScanState } from './state.tsx'
import { sendFile, useUploads } from './uploads.ts'

export function DocumentPage() {
  const { document: id = '' } = useParams({ strict: false }) as { document?: string }
  useLive(documentNews, [...documentsKey, id])
  return (
    <QueryView whole query={useQuery(documentQuery(id))}>
      {(found) => <Shown shown={found} />}
    </QueryView>
  )
}

function Shown({ shown }: { readonly shown: Document }) {
  const { t } = useTranslation('custody.documents')
  const can = useCan()
  const navigate = useNavigate()
  const upload = useUploads().get(shown.id)
  const [newest] = shown.versions
  const sending = upload?.state === 'sending' || upload?.state === 'waiting'
  return (
    <ObjectPage
      kind="document"
      id={shown.id}
      title={t('one', { id: shortened(shown.id) })}
      chip={
        <>
          {newest === undefined ? null : <ScanState scan={newest.scan} />}
          {shown.held ? <HeldChip /> : null}
        </>
      }
      about={t(`aboutOne.${newest?.scan ?? 'none'}`)}
      actions={
        <>
          {can('update', 'document') ? (
            <FileButton onChange={(file) => file !== null && sendFile(shown.id, file)}>
              {(props) => (
                <Button {...props} variant="default" disabled={sending} leftSection={<IconFileUpload size={16} aria-hidden />}>
                  {t(newest === undefined ? 'sendFile' : 'sendVersion')}
                </Button>
              )}
            </FileButton>
          ) : null}
          {can('delete', 'document') && !shown.held ? (
            <ConfirmButton
              label={t('remove.label')}
              title={t('remove.title')}
              consequence={t('remove.consequence')}
              confirm={t('remove.confirm')}
              act={async () => {
                await removeDocument(shown.id)
                void say(t('remove.done'))
                await navigate({ to: '/custody/documents' })
              }}
            />
          ) : null}
        </>
      }
    >
      <Stack gap="lg">
        {shown.held ? (
          <Alert color={meaning.attention}>
            <Text fw={600}>{t('heldTitle')}</Text>
            {t('heldAbout')}
          </Alert>
        ) : null}
        {sending ? <Sending documentId={shown.id} /> : null}
        {upload?.state === 'failed' ? <ProblemAlert error={upload.error} /> : null}
        <Facts
          facts={[
            { label: t('documentTitle'), value: shown.title },
            { label: t('source'), value: shown.source },
            { label: t('aboutPerson'), value: shown.subject_id === null ? t('nobody') : <ShortId id={shown.subject_id} /> },
            { label: t('retainUntil'), value: shown.retain_until === null ? null : <Moment at={shown.retain_until} /> },
            { label: t('createdAt'), value: <Moment at={shown.created_at} /> },
            { label: t('createdBy'), value: <Who id={shown.created_by} /> },
          ]}
        />
        <Versions shown={shown} />
      </Stack>
    </ObjectPage>
  )
}

function Sending({ documentId }: { readonly documentId: string }) {
  const { t } = useTranslation('custody.documents')
  const format = useFormat()
  const upload = useUploads().get(documentId)
  if (upload === undefined) return null
  return (
    <Stack gap="xs">
      <Progress
        label={t('sending')}
        done={upload.sent}
        of={upload.size}
        amount={format.bytes}
        {...(upload.state === 'waiting' ? { now: t('waiting') } : upload.sent === upload.size ? { now: t('finishing') } : {})}
      />
      <Text size="sm" c="dimmed">
        {t('leaveTab')}
      </Text>
    </Stack>
  )
}

function Versions({ shown }: { readonly shown: Document }) {
  const { t } = useTranslation('custody.documents')
  const format = useFormat()
  if (shown.versions.length === 0) return <EmptyState title={t('noVersions.title')} about={t('noVersions.about')} />
  return (
    <section aria-labelledby="versions">
      <Title order={2} id="versions" mb="sm">
        {t('versions')}
      </Title>
      <WideTable label={t('versions')} minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('version')}</Table.Th>
            <Table.Th scope="col">{t('scanLabel')}</Table.Th>
            <Table.Th scope="col">{t('kind')}</Table.Th>
            <Table.Th scope="col" ta="end">
              {t('size')}
            </Table.Th>
            <Table.Th scope="col">{t('sentAt')}</Table.Th>
            <Table.Th scope="col">{t('actions')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.versions.map((version) => (
            <Table.Tr key={version.version}>
              <Table.Th scope="row">{format.number(version.version)}</Table.Th>
              <Table.Td>
                <ScanState scan={version.scan} />
                {version.signature === null ? null : (
                  <Text size="sm">
                    <code>{version.signature}</code>
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{version.media_type}</Table.Td>
              <Table.Td ta="end">{format.bytes(version.bytes)}</Table.Td>
              <Table.Td>
                <Moment at={version.created_at} />
              </Table.Td>
              <Table.Td>
                <VersionActions documentId={shown.id} version={version} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </section>
  )
}

function VersionActions({ documentId, version: { version, scan } }: { readonly documentId: string; readonly version: Version }) {
  const { t } = useTranslation('custody.documents')
  const can = useCan()
  const scanning = useMutation({ mutationFn: () => scanAgain(documentId, version) })
  return (
    <Group gap="xs" wrap="nowrap">
      {can('export', 'document') && (scan === 'clean' || scan === 'unscanned') ? <Download documentId={documentId} version={version} /> : null}
      {can('update', 'document') && scan !== 'clean' ? (
        <Button size="compact-sm" variant="default" loading={scanning.isPending} onClick={() => scanning.mutate()} aria-label={t('scanAgainOf', { version })}>
          {t('scanAgain')}
        </Button>
      ) : null}
      <ProblemAlert error={scanning.error} />
    </Group>
  )
}

/** The ledger keeps what for. The browser fetches the file by itself, so that none of it is held by the page. */
function Download({ documentId, version }: { readonly documentId: string; readonly version: number }) {
  const { t } = useTranslation('custody.documents')
  const [opened, { open, close }] = useDisclosure()
  const [purpose, setPurpose] = useState('')
  const purposes = useQuery({ ...purposesQuery, enabled: opened })
  const fits = /^[a-z][a-z0-9_-]{0,62}$/.test(purpose.trim())
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        onClick={open}
        aria-label={t('download.of', { version })}
      >
        {t('download.label')}
      </Button>
      <Dialog opened={opened} onClose={close} title={t('download.of', { version })}>
        <Autocomplete
          label={t('download.purpose')}
          description={t('download.about')}
          required
          maxLength={63}
          limit={50}
          data={purposes.data?.map(({ term }) => term).filter((term) => /^[a-z][a-z0-9_-]{0,62}$/.test(term)) ?? []}
          value={purpose}
          onChange={setPurpose}
        />
        <Group justify="flex-end">
          {fits ? (
            <Button component="a" href={contentAddress(documentId, version, purpose.trim())} download onClick={close}>
              {t('download.label')}
            </Button>
          ) : (
            <Button disabled>{t('download.label')}</Button>
          )}
        </Group>
      </Dialog>
    </>
  )
}
