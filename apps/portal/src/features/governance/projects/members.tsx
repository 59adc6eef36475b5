import { Button, Select, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isOpenTo } from '../../../rights.ts'
import { useCan, useSession } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Section } from '../../../ui/section.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { Who } from '../../../ui/who.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { rolesQuery } from '../access/queries.ts'
import { Form } from '../identity/form.tsx'
import { addMember, holdersQuery, type ProjectDetail, removeMember } from './queries.ts'

interface MembersProps {
  readonly project: ProjectDetail
  readonly mayChange: boolean
}

/** Who works in the project, and as what. */
export function Members({ project, mayChange }: MembersProps) {
  const { t } = useTranslation('governance.projects')
  const [adding, { open, close }] = useDisclosure()
  const roleName = useRoleName()
  const mayKnow = useMayKnow()
  const { data: holders } = useQuery({ ...holdersQuery(), enabled: mayKnow })
  return (
    <Section
      id="members"
      title={t('members.title')}
      about={t('members.about')}
      action={
        mayChange ? (
          <Button variant="default" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
            {t('members.add')}
          </Button>
        ) : null
      }
    >
      {project.members.length === 0 ? (
        <Text>{t('members.none')}</Text>
      ) : (
        <WideTable label={t('members.title')} minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('members.who')}</Table.Th>
              <Table.Th scope="col">{t('members.role')}</Table.Th>
              <Table.Th scope="col">{t('members.since')}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {project.members.map((member) => (
              <Table.Tr key={member.id}>
                <Table.Td>
                  {member.kind === 'user' ? (
                    <Who id={member.holder} />
                  ) : (
                    <>
                      {t('members.team', { name: holders?.teams.find(({ id }) => id === member.holder)?.name ?? '' })} <ShortId id={member.holder} />
                    </>
                  )}
                </Table.Td>
                <Table.Td>{roleName(member.role)}</Table.Td>
                <Table.Td>{member.state === 'asked' ? <StateChip tone="attention">{t('asked')}</StateChip> : <Moment at={member.added_at} />}</Table.Td>
                <Table.Td ta="end">
                  {mayChange ? (
                    <ConfirmButton
                      label={t('members.remove.label')}
                      title={t('members.remove.title')}
                      consequence={t('members.remove.consequence')}
                      confirm={t('members.remove.confirm')}
                      act={() => removeMember(project.id, member.id)}
                    />
                  ) : null}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      {project.members.some(({ state }) => state === 'asked') ? <Text c="dimmed">{t('askedHint')}</Text> : null}
      {adding ? <AddMember project={project} onClose={close} /> : null}
    </Section>
  )
}

function useMayKnow(): boolean {
  const session = useSession()
  return isOpenTo(session, { action: 'read', on: 'user', everybodys: true }) && isOpenTo(session, { action: 'read', on: 'team' })
}

function useOwnRoles() {
  const can = useCan()
  const { data } = useQuery({ ...rolesQuery(), enabled: can('read', 'role') })
  return (data?.roles ?? []).flatMap(({ id, name }) => (id === null ? [] : [{ id, name }]))
}

/** A role that ships with the product in the reader's words; one of the institution's own by its name. */
export function useRoleName(): (role: string) => string {
  const { t } = useTranslation('governance.projects')
  const own = useOwnRoles()
  return (role) => own.find(({ id }) => id === role)?.name ?? t(`role.${role}`, role)
}

const givenRoles = [
  'project_member',
  'project_lead',
  'project_analyst',
  'researcher',
  'data_owner',
  'data_custodian',
  'clinician_delegate',
  'application_developer',
  'auditor',
  'officer',
  'administrator',
] as const

function AddMember({ project, onClose }: { readonly project: ProjectDetail; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.projects')
  const mayKnow = useMayKnow()
  const own = useOwnRoles()
  const { data: holders } = useQuery({ ...holdersQuery(), enabled: mayKnow })
  const [who, setWho] = useState<string | null>(null)
  const [kind, setKind] = useState<'user' | 'team'>('user')
  const [role, setRole] = useState<string>('project_member')
  const [picked, holder] = mayKnow ? (who?.split(' ') ?? []) : [kind, who ?? undefined]
  const adding = useMutation({
    mutationFn: () => addMember(project.id, { kind: picked === 'team' ? 'team' : 'user', holder: holder ?? '', role }),
    onSuccess: onClose,
  })
  return (
    <Dialog opened onClose={onClose} title={t('members.add')}>
      <Form
        onSubmit={() => adding.mutate()}
        submit={t('members.submit')}
        pending={adding.isPending}
        error={adding.error}
        disabled={holder === undefined || holder === ''}
      >
        {mayKnow ? (
          <Select
            label={t('members.who')}
            required
            searchable
            data={[
              { group: t('members.people'), items: (holders?.people ?? []).map(({ id, name }) => ({ value: `user ${id}`, label: name })) },
              { group: t('members.teams'), items: (holders?.teams ?? []).map(({ id, name }) => ({ value: `team ${id}`, label: name })) },
            ]}
            value={who}
            onChange={setWho}
            data-autofocus
          />
        ) : (
          <>
            <Select
              label={t('members.kind')}
              allowDeselect={false}
              data={[
                { value: 'user', label: t('members.person') },
                { value: 'team', label: t('members.aTeam') },
              ]}
              value={kind}
              onChange={(next) => setKind(next === 'team' ? 'team' : 'user')}
            />
            <TextInput
              label={t('members.id')}
              description={t('members.idHint')}
              required
              maxLength={36}
              spellCheck={false}
              value={who ?? ''}
              onChange={(event) => setWho(event.currentTarget.value.trim())}
            />
          </>
        )}
        <Select
          label={t('members.role')}
          description={t('members.roleHint')}
          allowDeselect={false}
          data={[
            ...givenRoles.map((name) => ({ value: name as string, label: t(`role.${name}`) })),
            ...own.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={role}
          onChange={(next) => setRole(next ?? role)}
        />
      </Form>
    </Dialog>
  )
}
