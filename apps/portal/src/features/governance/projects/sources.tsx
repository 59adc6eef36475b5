import { Autocomplete, Button, Group, Select, Stack, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { recordTypesQuery } from '../../custody/record-types/queries.ts'
import { Form } from '../identity/form.tsx'
import { addSource, type ProjectDetail, removeSource, type Source } from './queries.ts'

interface SourcesProps {
  readonly project: ProjectDetail
  readonly mayChange: boolean
}

/** What the project works with. */
export function Sources({ project, mayChange }: SourcesProps) {
  const { t } = useTranslation('governance.projects')
  const [adding, { open, close }] = useDisclosure()
  return (
    <Stack component="section" gap="sm" aria-labelledby="sources">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} id="sources">
            {t('sources.title')}
          </Title>
          <Text c="dimmed" maw={720}>
            {t('sources.about')}
          </Text>
        </div>
        {mayChange ? (
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('sources.add')}
          </Button>
        ) : null}
      </Group>
      {project.sources.length === 0 ? (
        <Text>{t('sources.none')}</Text>
      ) : (
        <WideTable label={t('sources.title')} minWidth={520}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('sources.reference')}</Table.Th>
              <Table.Th scope="col">{t('sources.kindLabel')}</Table.Th>
              <Table.Th scope="col">{t('members.since')}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {project.sources.map((source) => (
              <Table.Tr key={source.id}>
                <Table.Td>
                  <code>{source.reference}</code>
                </Table.Td>
                <Table.Td>{t(`sources.kind.${source.kind}`)}</Table.Td>
                <Table.Td>{source.state === 'asked' ? <StateChip tone="attention">{t('asked')}</StateChip> : <Moment at={source.added_at} />}</Table.Td>
                <Table.Td ta="end">
                  {mayChange ? (
                    <ConfirmButton
                      label={t('sources.remove.label')}
                      title={t('sources.remove.title', { reference: source.reference })}
                      consequence={t('sources.remove.consequence')}
                      confirm={t('sources.remove.confirm')}
                      act={() => removeSource(project.id, source.id)}
                    />
                  ) : null}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      {project.sources.some(({ state }) => state === 'asked') ? <Text c="dimmed">{t('askedHint')}</Text> : null}
      {adding ? <AddSource project={project} onClose={close} /> : null}
    </Stack>
  )
}

const kinds: readonly Source['kind'][] = ['record_type', 'document', 'other']

function AddSource({ project, onClose }: { readonly project: ProjectDetail; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.projects')
  const can = useCan()
  const { data: types } = useQuery({ ...recordTypesQuery, enabled: can('read', 'record_type') })
  const [kind, setKind] = useState<Source['kind']>('record_type')
  const [reference, setReference] = useState('')
  const adding = useMutation({ mutationFn: () => addSource(project.id, { kind, reference }), onSuccess: onClose })
  return (
    <Dialog opened onClose={onClose} title={t('sources.add')}>
      <Form onSubmit={() => adding.mutate()} submit={t('sources.submit')} pending={adding.isPending} error={adding.error}>
        <Select
          label={t('sources.kindLabel')}
          allowDeselect={false}
          data={kinds.map((value) => ({ value, label: t(`sources.kind.${value}`) }))}
          value={kind}
          onChange={(next) => setKind(kinds.find((one) => one === next) ?? kind)}
        />
        <Autocomplete
          label={t('sources.reference')}
          description={t('sources.referenceHint')}
          required
          maxLength={128}
          spellCheck={false}
          data={kind === 'record_type' ? [...new Set((types ?? []).map(({ record_type }) => record_type))] : []}
          value={reference}
          onChange={setReference}
        />
      </Form>
    </Dialog>
  )
}
