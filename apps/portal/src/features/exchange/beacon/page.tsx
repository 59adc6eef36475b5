import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { faultsAt, type Path } from '../../../ui/json/document.ts'
import { JsonEditor } from '../../../ui/json/json-editor.tsx'
import { type EditedDocument, useDocument } from '../../../ui/json/use-document.ts'
import { Page } from '../../../ui/page.tsx'
import { useFaults } from '../../../ui/problem-words.ts'
import { useProjects } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { asSetting, type Beacon, beaconKey, beaconNews, beaconQuery, firstSetting, type Setting, setBeacon } from './queries.ts'

const levels = ['public', 'registered', 'controlled'] as const
const grains = ['none', 'boolean', 'count'] as const

/** Whether others may ask for individuals like these, by which terms, and how fine they are answered. */
export function BeaconPage() {
  const { t } = useTranslation('exchange.beacon')
  useLive(beaconNews, beaconKey)
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={useQuery(beaconQuery)}>{(beacon) => <Shown key={JSON.stringify(beacon.setting)} beacon={beacon} />}</QueryView>
    </Page>
  )
}

function Shown({ beacon: { address, setting } }: { readonly beacon: Beacon }) {
  const { t } = useTranslation('exchange.beacon')
  const can = useCan()('update', 'beacon')
  const draft = useDocument<Setting>(setting ?? firstSetting(globalThis.location.origin), asSetting)
  return (
    <Stack gap="xl">
      <Section id="state" title={t('state.title')} action={can && setting !== null ? <Switch setting={setting} /> : null}>
        <Group>
          <StateChip tone={setting?.enabled ? 'permit' : 'neutral'}>
            {t(setting === null ? 'state.never' : setting.enabled ? 'state.on' : 'state.off')}
          </StateChip>
        </Group>
        {can || setting !== null ? null : <Text c="dimmed">{t('state.neverHint')}</Text>}
        <Copyable text={address} label={t('state.address')} />
      </Section>
      {can ? <Editing draft={draft} /> : setting === null ? null : <Terms setting={setting} />}
    </Stack>
  )
}

function Switch({ setting }: { readonly setting: Setting }) {
  const { t } = useTranslation('exchange.beacon')
  const to = setting.enabled ? 'off' : 'on'
  return (
    <ConfirmButton
      label={t(`switch.${to}.label`)}
      title={t(`switch.${to}.title`)}
      consequence={t(`switch.${to}.consequence`)}
      confirm={t(`switch.${to}.label`)}
      act={() => setBeacon({ ...setting, enabled: !setting.enabled })}
    />
  )
}

/** The form and the document beside it edit the same setting. */
function Editing({ draft }: { readonly draft: EditedDocument<Setting> }) {
  const { t } = useTranslation('exchange.beacon')
  const saving = useMutation({ mutationFn: (setting: Setting) => setBeacon(setting) })
  const faults = useFaults()(saving.error)
  const { document } = draft
  return (
    <>
      {document === undefined ? null : <Form draft={draft} setting={document} faults={faults} />}
      {document === undefined ? null : <Terms setting={document} />}
      <Section id="document" title={t('document.title')} about={t('document.about')}>
        <JsonEditor label={t('document.label')} text={draft.text} onChange={draft.write} errors={faults} rows={24} />
        <ProblemAlert error={saving.error} />
        <Group>
          <Button disabled={document === undefined} loading={saving.isPending} onClick={() => document !== undefined && saving.mutate(document)}>
            {t('save')}
          </Button>
        </Group>
      </Section>
    </>
  )
}

interface FormProps {
  readonly draft: EditedDocument<Setting>
  readonly setting: Setting
  readonly faults: readonly { readonly pointer: string; readonly detail: string }[]
}

function Form({ draft: { change }, setting, faults }: FormProps) {
  const { t } = useTranslation('exchange.beacon')
  const projects = useProjects()
  const of = (path: Path) => {
    const error = faultsAt(faults, path)
    return error === undefined ? {} : { error }
  }
  return (
    <>
      <Section id="who" title={t('who.title')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('who.name')} value={setting.name} onChange={(event) => change(['name'], event.currentTarget.value)} {...of(['name'])} />
          <TextInput label={t('who.id')} value={setting.id} onChange={(event) => change(['id'], event.currentTarget.value)} {...of(['id'])} />
          <TextInput
            label={t('who.organization')}
            value={setting.organization.name}
            onChange={(event) => change(['organization', 'name'], event.currentTarget.value)}
            {...of(['organization', 'name'])}
          />
          <TextInput
            label={t('who.url')}
            value={setting.organization.url}
            onChange={(event) => change(['organization', 'url'], event.currentTarget.value)}
            {...of(['organization', 'url'])}
          />
          <Select
            label={t('who.project')}
            description={t('who.projectAbout')}
            data={(projects.data ?? []).map(({ id, title }) => ({ value: id, label: title }))}
            value={setting.project === '' ? null : setting.project}
            onChange={(id) => change(['project'], id ?? '')}
            searchable
            {...of(['project'])}
          />
          <TextInput
            label={t('who.individuals')}
            description={t('who.individualsAbout')}
            value={setting.individuals}
            onChange={(event) => change(['individuals'], event.currentTarget.value)}
            {...of(['individuals'])}
          />
        </SimpleGrid>
      </Section>
      <Section id="answers" title={t('answers.title')} about={t('answers.about')}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {levels.map((level) => (
            <Select
              key={level}
              label={t(`answers.level.${level}`)}
              data={grains.map((grain) => ({ value: grain, label: t(`answers.grain.${grain}`) }))}
              value={setting.granularity[level]}
              onChange={(grain) => change(['granularity', level], grain ?? 'none')}
              allowDeselect={false}
            />
          ))}
          <NumberInput
            label={t('answers.perDay')}
            min={1}
            max={10_000}
            value={setting.questions_per_day}
            onChange={(count) => change(['questions_per_day'], Number(count))}
            {...of(['questions_per_day'])}
          />
        </SimpleGrid>
      </Section>
    </>
  )
}

function Terms({ setting: { terms } }: { readonly setting: Setting }) {
  const { t } = useTranslation('exchange.beacon')
  return (
    <Section id="terms" title={t('terms.title')} about={t('terms.about')}>
      {terms.length === 0 ? (
        <Text c="dimmed">{t('terms.none')}</Text>
      ) : (
        <WideTable label={t('terms.title')} minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              {(['id', 'label', 'column', 'values'] as const).map((column) => (
                <Table.Th key={column} scope="col">
                  {t(`terms.${column}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {terms.map((term) => (
              <Table.Tr key={term.id}>
                <Table.Th scope="row">
                  <code>{term.id}</code>
                </Table.Th>
                <Table.Td>{term.label}</Table.Td>
                <Table.Td>
                  <code>
                    {term.table}.{term.column}
                  </code>
                </Table.Td>
                <Table.Td>{term.kind === 'ontology' ? term.values.join(', ') : t('terms.compared')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Section>
  )
}
