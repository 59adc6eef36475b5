import { Alert, Badge, Button, Table as Grid, Group, NumberInput, Select, Slider, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChartBar, IconPencil } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Who } from '../../../ui/who.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { useSemanticName, useTypeName } from '../imports/column-words.ts'
import { semantics } from '../imports/field-words.ts'
import { Changes } from './changes.tsx'
import { type Column, changeTable, measureTable, sourceNews, sourcesKey, type Table, tableQuery } from './queries.ts'

export function TablePage() {
  const { table = '' } = useParams({ strict: false }) as { table?: string }
  useLive(sourceNews, sourcesKey)
  return (
    <QueryView whole query={useQuery(tableQuery(table))}>
      {(found) => <Shown table={found} />}
    </QueryView>
  )
}

function Shown({ table }: { readonly table: Table }) {
  const { t } = useTranslation('custody.sources')
  const format = useFormat()
  const can = useCan()
  const mayChange = can('update', 'catalogue')
  const [naming, name] = useDisclosure()
  const measuring = useMutation({ mutationFn: () => measureTable(table.id), onSuccess: () => void say(t('table.measured')) })
  return (
    <>
      <ObjectPage
        kind="table"
        id={table.id}
        on="data_source"
        title={table.title}
        chip={table.gone ? <StateChip tone="deny">{t('tables.gone')}</StateChip> : undefined}
        about={table.description ?? t('table.about', { reference: table.reference })}
        actions={
          mayChange ? (
            <>
              <Button variant="default" leftSection={<IconChartBar size={16} aria-hidden />} loading={measuring.isPending} onClick={() => measuring.mutate()}>
                {t('table.measure')}
              </Button>
              <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={name.open}>
                {t('table.change')}
              </Button>
            </>
          ) : undefined
        }
        tabs={[{ name: 'history', label: t('table.history'), content: <History table={table} /> }]}
      >
        <Stack gap="xl">
          <ProblemAlert error={measuring.error} />
          <Facts
            facts={[
              { label: t('tables.reference'), value: <code>{table.reference}</code> },
              { label: t('table.physicalName'), value: <code>{table.name}</code> },
              { label: t('tables.rows'), value: table.rows === null ? null : format.number(table.rows) },
              { label: t('table.key'), value: table.key.length === 0 ? null : format.list(table.key) },
              { label: t('table.floor'), value: format.number(table.floor) },
              { label: t('table.schemaVersion'), value: format.number(table.schema_version) },
            ]}
          />
          <Columns table={table} mayChange={mayChange} />
          <Section id="relations" title={t('relations.title')}>
            {table.references.length === 0 ? <Text c="dimmed">{t('relations.none')}</Text> : null}
            <ul className="nav">
              {table.references.map(({ columns, table: other, to }) => (
                <li key={`${columns.join(' ')} ${other}`}>
                  <code>{columns.join(', ')}</code> → <code>{other}</code> ({to.join(', ')})
                </li>
              ))}
            </ul>
          </Section>
        </Stack>
      </ObjectPage>
      {naming ? <Naming table={table} onClose={name.close} /> : null}
    </>
  )
}

function Columns({ table, mayChange }: { readonly table: Table; readonly mayChange: boolean }) {
  const { t } = useTranslation('custody.sources')
  const [semanticName, typeName] = [useSemanticName(), useTypeName()]
  const format = useFormat()
  const [changing, change] = useState<Column | undefined>(undefined)
  return (
    <Section id="columns" title={t('columns.title')} about={t('columns.about')}>
      <WideTable label={t('columns.title')} minWidth={880}>
        <Grid.Thead>
          <Grid.Tr>
            <Grid.Th scope="col">{t('columns.name')}</Grid.Th>
            <Grid.Th scope="col">{t('columns.physical')}</Grid.Th>
            <Grid.Th scope="col">{t('columns.semantic')}</Grid.Th>
            <Grid.Th scope="col">{t('columns.role')}</Grid.Th>
            <Grid.Th scope="col">{t('columns.sensitivity')}</Grid.Th>
            <Grid.Th scope="col" ta="end">
              {t('columns.weight')}
            </Grid.Th>
            <Grid.Th scope="col" ta="end">
              {t('columns.missing')}
            </Grid.Th>
            <Grid.Td />
          </Grid.Tr>
        </Grid.Thead>
        <Grid.Tbody>
          {table.columns.map((column) => (
            <Grid.Tr key={column.name}>
              <Grid.Th scope="row">
                {column.name} {table.key.includes(column.name) ? <Badge variant="default">{t('columns.isKey')}</Badge> : null}
              </Grid.Th>
              <Grid.Td>
                <code>{column.physical}</code> → {typeName(column.type)}
              </Grid.Td>
              <Grid.Td>
                {column.semantic === undefined ? '–' : semanticName(column.semantic)}{' '}
                {column.confirmed ? null : (
                  <Text size="sm" c="dimmed">
                    {t('columns.proposed')}
                  </Text>
                )}
              </Grid.Td>
              <Grid.Td>{t(`role.${column.identifier_role}`)}</Grid.Td>
              <Grid.Td>{t(`sensitivity.${column.sensitivity}`)}</Grid.Td>
              <Grid.Td ta="end">{format.number(column.weight_hint)}</Grid.Td>
              <Grid.Td ta="end">{column.missing === undefined ? '–' : format.percent(column.missing)}</Grid.Td>
              <Grid.Td ta="end">
                {mayChange ? (
                  <Button variant="default" size="compact-sm" onClick={() => change(column)} aria-label={t('columns.changeOne', { name: column.name })}>
                    {t('columns.change')}
                  </Button>
                ) : null}
              </Grid.Td>
            </Grid.Tr>
          ))}
        </Grid.Tbody>
      </WideTable>
      {changing === undefined ? null : <ChangeColumn table={table} column={changing} onClose={() => change(undefined)} />}
    </Section>
  )
}

const roles = ['none', 'subject', 'direct', 'quasi', 'sensitive'] as const
const sensitivities = ['direct_identifier', 'quasi_identifier', 'sensitive', 'plain'] as const
/** What a field can mean, as the node's own list has it. */
function ChangeColumn({ table, column, onClose }: { readonly table: Table; readonly column: Column; readonly onClose: () => void }) {
  const { t } = useTranslation('custody.sources')
  const semanticName = useSemanticName()
  const format = useFormat()
  const [semantic, setSemantic] = useState<string | null>(column.semantic ?? null)
  const [role, setRole] = useState(column.identifier_role)
  const [sensitivity, setSensitivity] = useState(column.sensitivity)
  const [weight, setWeight] = useState(column.weight_hint)
  const [namespace, setNamespace] = useState(column.namespace ?? '')
  const changing = useMutation({
    mutationFn: () =>
      changeTable(table.id, table.revision, {
        columns: [
          {
            name: column.name,
            semantic: semantic as never,
            identifier_role: role,
            sensitivity,
            weight_hint: weight,
            ...(role === 'subject' ? { namespace: (namespace === '' ? null : namespace) as never } : {}),
          },
        ],
      }),
    onSuccess: onClose,
  })
  return (
    <Dialog opened onClose={onClose} title={t('columns.changeOne', { name: column.name })}>
      {column.reason === undefined ? null : (
        <Alert variant="default" lang="en">
          {column.reason}
        </Alert>
      )}
      <Form onSubmit={() => changing.mutate()} submit={t('columns.submit')} pending={changing.isPending} error={changing.error}>
        <Select
          label={t('columns.semantic')}
          searchable
          clearable
          data={semantics.map((value) => ({ value, label: semanticName(value) }))}
          value={semantic}
          onChange={setSemantic}
        />
        <Select
          label={t('columns.role')}
          description={t(`roleAbout.${role}`)}
          data={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
          value={role}
          allowDeselect={false}
          onChange={(value) => setRole(roles.find((one) => one === value) ?? role)}
        />
        {role === 'subject' ? (
          <TextInput
            label={t('columns.namespace')}
            description={t('columns.namespaceHint')}
            pattern="[a-z][a-z0-9_\-]{0,62}"
            value={namespace}
            onChange={(event) => setNamespace(event.currentTarget.value)}
          />
        ) : null}
        <Select
          label={t('columns.sensitivity')}
          data={sensitivities.map((value) => ({ value, label: t(`sensitivity.${value}`) }))}
          value={sensitivity}
          allowDeselect={false}
          onChange={(value) => setSensitivity(sensitivities.find((one) => one === value) ?? sensitivity)}
        />
        <div>
          <Text size="sm">{t('columns.weightIs', { weight: format.number(weight) })}</Text>
          <Slider min={0} max={1} step={0.05} value={weight} thumbLabel={t('columns.weight')} label={(value) => format.number(value)} onChange={setWeight} />
        </div>
      </Form>
    </Dialog>
  )
}

function Naming({ table, onClose }: { readonly table: Table; readonly onClose: () => void }) {
  const { t } = useTranslation('custody.sources')
  const [title, setTitle] = useState(table.title)
  const [description, setDescription] = useState(table.description ?? '')
  const [floor, setFloor] = useState(table.floor)
  const changing = useMutation({
    mutationFn: () => changeTable(table.id, table.revision, { title, description: description === '' ? null : description, floor }),
    onSuccess: onClose,
  })
  return (
    <Dialog opened onClose={onClose} title={t('table.change')}>
      <Form onSubmit={() => changing.mutate()} submit={t('columns.submit')} pending={changing.isPending} error={changing.error}>
        <TextInput label={t('name')} required maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
        <Textarea
          label={t('table.description')}
          autosize
          minRows={2}
          maxLength={1000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <NumberInput
          label={t('table.floor')}
          description={t('table.floorHint')}
          min={1}
          max={1000}
          value={floor}
          onChange={(value) => typeof value === 'number' && setFloor(value)}
        />
      </Form>
    </Dialog>
  )
}

function History({ table }: { readonly table: Table }) {
  const { t } = useTranslation('custody.sources')
  const format = useFormat()
  return (
    <Stack gap="xl">
      <Section id="drift" title={t('changes.title')}>
        {table.changes.length === 0 ? <Text c="dimmed">{t('changes.none')}</Text> : null}
        {table.changes.map(({ schema_version, at, changes }) => (
          <Stack key={schema_version} gap={4}>
            <Group gap="xs">
              <Text fw={600}>{t('tables.schema', { version: schema_version })}</Text> <Moment at={at} />
            </Group>
            <Changes changes={changes} />
          </Stack>
        ))}
      </Section>
      {table.uploads.length === 0 ? null : (
        <Section id="uploads" title={t('upload.versions')}>
          <WideTable label={t('upload.versions')} minWidth={640}>
            <Grid.Thead>
              <Grid.Tr>
                <Grid.Th scope="col">{t('upload.version')}</Grid.Th>
                <Grid.Th scope="col" ta="end">
                  {t('tables.rows')}
                </Grid.Th>
                <Grid.Th scope="col" ta="end">
                  {t('upload.bad')}
                </Grid.Th>
                <Grid.Th scope="col" ta="end">
                  {t('upload.bytes')}
                </Grid.Th>
                <Grid.Th scope="col">{t('upload.at')}</Grid.Th>
                <Grid.Th scope="col">{t('createdBy')}</Grid.Th>
              </Grid.Tr>
            </Grid.Thead>
            <Grid.Tbody>
              {table.uploads.map((upload) => (
                <Grid.Tr key={upload.id}>
                  <Grid.Th scope="row">
                    {format.number(upload.version)} ({upload.format}
                    {upload.kept ? '' : `, ${t('upload.notKept')}`})
                  </Grid.Th>
                  <Grid.Td ta="end">{format.number(upload.rows)}</Grid.Td>
                  <Grid.Td ta="end">
                    {format.number(upload.bad_rows)}
                    {upload.faults.map(({ field, line, message }) => (
                      <Text key={`${field ?? ''} ${message}`} size="sm" c="dimmed" lang="en">
                        {line}: {field} {message}
                      </Text>
                    ))}
                  </Grid.Td>
                  <Grid.Td ta="end">{format.bytes(upload.bytes)}</Grid.Td>
                  <Grid.Td>
                    <Moment at={upload.created_at} />
                  </Grid.Td>
                  <Grid.Td>
                    <Who id={upload.created_by} />
                  </Grid.Td>
                </Grid.Tr>
              ))}
            </Grid.Tbody>
          </WideTable>
        </Section>
      )}
    </Stack>
  )
}
