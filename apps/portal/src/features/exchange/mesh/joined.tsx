import { Button, Group, Select, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmButton, ConfirmDialog } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { useProjects } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { decidePerson, type Joined, joinProject, leaveProject, type Person, projectsQuery } from './queries.ts'

const tones: Readonly<Record<string, Tone>> = {
  invited: 'attention',
  joined: 'permit',
  left: 'neutral',
  proposed: 'attention',
  approved: 'permit',
  revoked: 'neutral',
}

/** Projects in which nodes work together, and people of others who ask to act in them. */
export function MeshProjects() {
  const { t } = useTranslation('exchange.mesh')
  const query = useQuery(projectsQuery)
  return (
    <QueryView query={query}>
      {({ joined, persons }) => (
        <>
          <Section id="projects" title={t('projects.title')} about={t('projects.about')}>
            {joined.length === 0 ? <Text c="dimmed">{t('projects.none')}</Text> : <Projects joined={joined} />}
          </Section>
          <Section id="persons" title={t('persons.title')} about={t('persons.about')}>
            {persons.length === 0 ? <Text c="dimmed">{t('persons.none')}</Text> : <Persons persons={persons} />}
          </Section>
        </>
      )}
    </QueryView>
  )
}

function Projects({ joined }: { readonly joined: readonly Joined[] }) {
  const { t } = useTranslation('exchange.mesh')
  const can = useCan()('update', 'mesh')
  return (
    <WideTable label={t('projects.title')} minWidth={640}>
      <Head columns={['project', 'peer', 'purpose', 'state', 'since', ...(can ? ['act'] : [])].map((column) => t(`projects.${column}`))} />
      <Table.Tbody>
        {joined.map((one) => (
          <Table.Tr key={`${one.peer} ${one.foreign_project}`}>
            <Table.Th scope="row">{one.title}</Table.Th>
            <Table.Td>{one.peer}</Table.Td>
            <Table.Td>
              <code>{one.purpose}</code>
            </Table.Td>
            <Table.Td>
              <StateChip tone={tones[one.state] ?? 'neutral'}>{t(`projects.states.${one.state}`)}</StateChip>
            </Table.Td>
            <Table.Td>
              <Moment at={one.invited_at} />
            </Table.Td>
            {can ? (
              <Table.Td>
                {one.state === 'joined' ? (
                  <ConfirmButton
                    label={t('projects.leave.label')}
                    title={t('projects.leave.title', { title: one.title })}
                    consequence={t('projects.leave.consequence')}
                    confirm={t('projects.leave.confirm')}
                    act={() => leaveProject(one)}
                  />
                ) : (
                  <Join joined={one} />
                )}
              </Table.Td>
            ) : null}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Join({ joined }: { readonly joined: Joined }) {
  const { t } = useTranslation('exchange.mesh')
  const [opened, { open, close }] = useDisclosure()
  const [project, setProject] = useState<string | null>(null)
  const projects = useProjects()
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('projects.join.label')}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={close}
        title={t('projects.join.title', { title: joined.title, peer: joined.peer })}
        consequence={t('projects.join.consequence')}
        confirm={t('projects.join.confirm')}
        disabled={project === null}
        act={() => joinProject(joined, project ?? '')}
      >
        <Select
          label={t('projects.join.own')}
          data={(projects.data ?? []).map(({ id, title }) => ({ value: id, label: title }))}
          value={project}
          onChange={setProject}
          searchable
        />
      </ConfirmDialog>
    </>
  )
}

function Persons({ persons }: { readonly persons: readonly Person[] }) {
  const { t } = useTranslation('exchange.mesh')
  const can = useCan()('update', 'mesh')
  return (
    <WideTable label={t('persons.title')} minWidth={560}>
      <Head columns={['name', 'peer', 'state', 'since', ...(can ? ['act'] : [])].map((column) => t(`persons.${column}`))} />
      <Table.Tbody>
        {persons.map((person) => (
          <Table.Tr key={person.id}>
            <Table.Th scope="row">{person.name}</Table.Th>
            <Table.Td>{person.peer}</Table.Td>
            <Table.Td>
              <StateChip tone={tones[person.state] ?? 'neutral'}>{t(`persons.states.${person.state}`)}</StateChip>
            </Table.Td>
            <Table.Td>
              <Moment at={person.proposed_at} />
            </Table.Td>
            {can ? (
              <Table.Td>
                <Group gap="xs">
                  {(person.state === 'approved' ? (['revoke'] as const) : (['approve'] as const)).map((step) => (
                    <ConfirmButton
                      key={step}
                      label={t(`persons.${step}.label`)}
                      title={t(`persons.${step}.title`, { name: person.name })}
                      consequence={t(`persons.${step}.consequence`)}
                      confirm={t(`persons.${step}.confirm`)}
                      act={() => decidePerson(person.id, step)}
                    />
                  ))}
                </Group>
              </Table.Td>
            ) : null}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Head({ columns }: { readonly columns: readonly string[] }) {
  return (
    <Table.Thead>
      <Table.Tr>
        {columns.map((column) => (
          <Table.Th key={column} scope="col">
            {column}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  )
}
