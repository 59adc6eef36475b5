import { Button, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Section } from '../../../ui/section.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { Form } from '../identity/form.tsx'
import { addSource, type ProjectDetail, removeSource } from './queries.ts'
import { ThingFields, type ThingKind } from './thing-fields.tsx'

interface SourcesProps {
  readonly project: ProjectDetail
  readonly mayChange: boolean
}

/** What the project works with. */
export function Sources({ project, mayChange }: SourcesProps) {
  const { t } = useTranslation('governance.projects')
  const [adding, { open, close }] = useDisclosure()
  return (
    <Section
      id="sources"
      title={t('sources.title')}
      about={t('sources.about')}
      action={
        mayChange ? (
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('sources.add')}
          </Button>
        ) : null
      }
    >
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
    </Section>
  )
}

function AddSource({ project, onClose }: { readonly project: ProjectDetail; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.projects')
  const [kind, setKind] = useState<ThingKind>('record_type')
  const [reference, setReference] = useState('')
  const adding = useMutation({ mutationFn: () => addSource(project.id, { kind, reference }), onSuccess: onClose })
  return (
    <Dialog opened onClose={onClose} title={t('sources.add')}>
      <Form onSubmit={() => adding.mutate()} submit={t('sources.submit')} pending={adding.isPending} error={adding.error}>
        <ThingFields
          kind={kind}
          onKind={setKind}
          reference={reference}
          onReference={setReference}
          words={{
            kindLabel: t('sources.kindLabel'),
            kind: (one) => t(`sources.kind.${one}`),
            reference: t('sources.reference'),
            hint: t('sources.referenceHint'),
          }}
        />
      </Form>
    </Dialog>
  )
}
