import { Alert, Anchor, Button, FileButton, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileUpload, IconPlugConnected, IconRefresh } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { meaning } from '../../../theme.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { JsonView } from '../../../ui/json/json-view.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Progress } from '../../../ui/progress.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { Who } from '../../../ui/who.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { Changes } from './changes.tsx'
import { LeftOut } from './left-out.tsx'
import { LookState, useLook } from './look.tsx'
import {
  changeSource,
  checkSource,
  type Discovered,
  kindsQuery,
  putSecret,
  removeSource,
  type Source,
  sourceNews,
  sourceQuery,
  sourcesKey,
  tablesQuery,
} from './queries.ts'
import { useSourceSays } from './said.ts'
import { fieldsOf } from './schema-fields.ts'
import { SchemaForm } from './schema-form.tsx'
import { Health } from './state.tsx'
import { tableNameOf } from './table-name.ts'
import { sendTable, useUploads } from './uploads.ts'

export function SourcePage() {
  const { source = '' } = useParams({ strict: false }) as { source?: string }
  useLive(sourceNews, sourcesKey)
  return (
    <QueryView whole query={useQuery(sourceQuery(source))}>
      {(found) => <Shown source={found} />}
    </QueryView>
  )
}

function Shown({ source }: { readonly source: Source }) {
  const { t } = useTranslation('custody.sources')
  const says = useSourceSays()
  const can = useCan()
  const navigate = useNavigate()
  const mayChange = can('update', 'data_source')
  const live = source.kind !== 'file'
  const checking = useMutation({ mutationFn: () => checkSource(source.id) })
  const look = useLook(source.id)
  const [changingSecret, secret] = useDisclosure()
  const other = source.state === 'active' ? 'paused' : 'active'
  return (
    <ObjectPage
      kind="data_source"
      id={source.id}
      title={source.title}
      chip={<Health source={source} />}
      about={t(live ? 'object.live' : 'object.files', { slug: source.slug })}
      actions={
        mayChange ? (
          <>
            {live ? (
              <>
                <Button
                  variant="default"
                  leftSection={<IconPlugConnected size={16} aria-hidden />}
                  loading={checking.isPending}
                  onClick={() => checking.mutate()}
                >
                  {t('check.start')}
                </Button>
                <Button leftSection={<IconRefresh size={16} aria-hidden />} loading={look.under_way !== undefined} onClick={look.begin}>
                  {t('discover.start')}
                </Button>
              </>
            ) : null}
            <ConfirmButton
              label={t(`turn.${other}.label`)}
              title={t(`turn.${other}.title`)}
              consequence={t(`turn.${other}.consequence`)}
              confirm={t(`turn.${other}.label`)}
              act={() => changeSource(source.id, { state: other, revision: source.revision })}
            />
            {can('delete', 'data_source') ? (
              <ConfirmButton
                label={t('remove.label')}
                title={t('remove.title', { title: source.title })}
                consequence={t('remove.consequence')}
                confirm={t('remove.confirm')}
                act={async () => {
                  await removeSource(source.id)
                  void say(t('remove.done'))
                  await navigate({ to: '/custody/sources' })
                }}
              />
            ) : null}
          </>
        ) : undefined
      }
    >
      <Stack gap="xl">
        <ProblemAlert error={checking.error} />
        <LookState source={source.id} look={look} mayCancel={mayChange} />
        {source.health.detail === null ? null : (
          <Alert color={source.health.state === 'drifted' ? meaning.attention : meaning.deny} title={t(`health.${source.health.state}`)}>
            {says({ detail: source.health.detail, said: source.health.said })}
          </Alert>
        )}
        <Drift found={look.ended?.found ?? checking.data} />
        {live ? null : <Upload source={source} mayUpload={mayChange} />}
        <Tables source={source} />
        <Facts
          facts={[
            { label: t('kind'), value: t(`kinds.${source.kind}`, source.kind) },
            { label: t('slug'), value: <code>{source.slug}</code> },
            { label: t('server'), value: source.health.server },
            { label: t('readOnly'), value: source.health.read_only === null ? null : t(source.health.read_only ? 'yes' : 'no') },
            { label: t('checkedAt'), value: source.health.checked_at === null ? null : <Moment at={source.health.checked_at} /> },
            { label: t('discoveredAt'), value: source.discovered_at === null ? null : <Moment at={source.discovered_at} /> },
            { label: t('createdBy'), value: <Who id={source.created_by} /> },
          ]}
        />
        {source.secret.needed ? (
          <Section
            id="secret"
            title={t('secret.title')}
            about={t('secret.about')}
            action={
              mayChange ? (
                <Button variant="default" onClick={secret.open}>
                  {t('secret.change')}
                </Button>
              ) : null
            }
          >
            <Text>{source.secret.changed_at === null ? t('secret.none') : <Moment at={source.secret.changed_at} />}</Text>
          </Section>
        ) : null}
        {live ? (
          <Section id="settings" title={t('settings')}>
            <JsonView value={source.settings} label="JSON" />
          </Section>
        ) : null}
      </Stack>
      {changingSecret ? <Secret source={source} onClose={secret.close} /> : null}
    </ObjectPage>
  )
}

/** What a look at the source has found to be different. */
function Drift({
  found,
}: {
  readonly found: { readonly changes: Discovered['changes']; readonly lossy?: boolean; readonly left_out?: Discovered['left_out'] } | undefined
}) {
  const { t } = useTranslation('custody.sources')
  if (found === undefined) return null
  return (
    <Section id="drift" title={t('changes.title')}>
      {found.lossy === true ? <Alert color={meaning.attention}>{t('changes.lossy')}</Alert> : null}
      <LeftOut left={found.left_out} />
      {found.changes.length === 0 ? <Text role="status">{t('changes.same')}</Text> : null}
      {found.changes.map(({ table, changes }) => (
        <div key={table}>
          <code>{table}</code>
          <Changes changes={changes} />
        </div>
      ))}
    </Section>
  )
}

function Secret({ source, onClose }: { readonly source: Source; readonly onClose: () => void }) {
  const { t } = useTranslation('custody.sources')
  const kinds = useQuery(kindsQuery)
  const fields = fieldsOf(kinds.data?.find(({ kind }) => kind === source.kind)?.secret, true)
  const [value, setValue] = useState<Readonly<Record<string, unknown>>>({})
  const changing = useMutation({
    mutationFn: () => putSecret(source.id, value),
    onSuccess: () => {
      void say(t('secret.changed'))
      onClose()
    },
    gcTime: 0,
  })
  return (
    <Dialog opened onClose={onClose} title={t('secret.change')}>
      <Text>{t('secret.changeAbout')}</Text>
      <Form onSubmit={() => changing.mutate()} submit={t('secret.submit')} pending={changing.isPending} error={changing.error}>
        <SchemaForm fields={fields} value={value} onChange={setValue} faults={[]} at="secret" />
      </Form>
    </Dialog>
  )
}

function Upload({ source, mayUpload }: { readonly source: Source; readonly mayUpload: boolean }) {
  const { t } = useTranslation('custody.sources')
  const format = useFormat()
  const [file, setFile] = useState<File | null>(null)
  const [name, setName] = useState('')
  const uploads = [...useUploads().values()].filter(({ id }) => id.startsWith(`${source.id} `))
  if (!mayUpload) return null
  return (
    <Section id="upload" title={t('upload.title')} about={t('upload.about')}>
      <Group align="flex-end">
        <FileButton
          accept=".csv,.tsv,.ndjson,.jsonl,.json,.parquet,.xlsx,.gz"
          onChange={(chosen) => {
            setFile(chosen)
            if (chosen !== null) setName(tableNameOf(chosen.name))
          }}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileUpload size={16} aria-hidden />}>
              {t('upload.choose')}
            </Button>
          )}
        </FileButton>
        {file === null ? null : (
          <>
            <TextInput
              label={t('upload.name', { file: file.name })}
              description={t('upload.nameHint')}
              value={name}
              maxLength={63}
              spellCheck={false}
              onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
            />
            <Button
              disabled={!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)}
              onClick={() => {
                sendTable(source.id, name, file)
                setFile(null)
              }}
            >
              {t('upload.send')}
            </Button>
          </>
        )}
      </Group>
      {uploads.map((upload) => (
        <div key={upload.id}>
          {upload.state === 'sending' ? (
            <Progress
              label={t('upload.sending', { table: upload.id.split(' ')[1] })}
              done={upload.sent}
              of={upload.size}
              amount={format.bytes}
              {...(upload.sent === upload.size ? { now: t('upload.reading') } : {})}
            />
          ) : null}
          {upload.state === 'done' ? <StateChip tone="permit">{t('upload.done', { table: upload.id.split(' ')[1] })}</StateChip> : null}
          {upload.state === 'failed' ? <ProblemAlert error={upload.error} /> : null}
        </div>
      ))}
    </Section>
  )
}

function Tables({ source }: { readonly source: Source }) {
  const { t } = useTranslation('custody.sources')
  const format = useFormat()
  const pathTo = useObjectPath()
  return (
    <Section id="tables" title={t('tables.title')}>
      <QueryView query={useQuery(tablesQuery(source.id))}>
        {(tables) =>
          tables.length === 0 ? (
            <EmptyState title={t('tables.none')} about={t(source.kind === 'file' ? 'tables.noneFiles' : 'tables.noneLive')} />
          ) : (
            <WideTable label={t('tables.title')} minWidth={560}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('name')}</Table.Th>
                  <Table.Th scope="col">{t('tables.reference')}</Table.Th>
                  <Table.Th scope="col" ta="end">
                    {t('tables.columns')}
                  </Table.Th>
                  <Table.Th scope="col" ta="end">
                    {t('tables.rows')}
                  </Table.Th>
                  <Table.Th scope="col">{t('tables.state')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {tables.map((table) => (
                  <Table.Tr key={table.id}>
                    <Table.Th scope="row">
                      <Anchor component={Link} to={pathTo('table', table.id) ?? '/custody/sources'} underline="always">
                        {table.title}
                      </Anchor>
                    </Table.Th>
                    <Table.Td>
                      <code>{table.reference}</code>
                    </Table.Td>
                    <Table.Td ta="end">{format.number(table.columns.length)}</Table.Td>
                    <Table.Td ta="end">{table.rows === null ? '–' : format.number(table.rows)}</Table.Td>
                    <Table.Td>
                      {table.gone ? <StateChip tone="deny">{t('tables.gone')}</StateChip> : t('tables.schema', { version: table.schema_version })}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
          )
        }
      </QueryView>
    </Section>
  )
}
