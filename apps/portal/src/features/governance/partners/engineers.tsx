import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { EmailField } from '../identity/fields.tsx'
import { Form } from '../identity/form.tsx'
import { type Engineer, engineersQuery, inviteEngineer, type Partner, refreshPartners } from './queries.ts'

const tones = { invited: 'info', active: 'permit', disabled: 'neutral' } as const

/** Those who connect the partner's systems. */
export function Engineers({ partner }: { readonly partner: Partner }) {
  const { t } = useTranslation('governance.partners')
  const can = useCan()
  const query = useQuery(engineersQuery(partner.id))
  const [inviting, { open, close }] = useDisclosure()
  const invite =
    can('create', 'engineer_account') && partner.status === 'active' ? (
      <Button variant="default" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
        {t('engineers.invite')}
      </Button>
    ) : null
  return (
    <Stack gap="md">
      <QueryView query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title={t('engineers.none')} about={t('engineers.about')} action={invite} />
          ) : (
            <>
              <Group justify="space-between" align="flex-start">
                <Text c="dimmed" maw={720}>
                  {t('engineers.about')}
                </Text>
                {invite}
              </Group>
              <People engineers={data} />
            </>
          )
        }
      </QueryView>
      {inviting ? <Invite partner={partner} onClose={close} /> : null}
    </Stack>
  )
}

function People({ engineers }: { readonly engineers: readonly Engineer[] }) {
  const { t } = useTranslation('governance.partners')
  return (
    <WideTable label={t('engineers.tab')} minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('engineers.name')}</Table.Th>
          <Table.Th scope="col">{t('engineers.email')}</Table.Th>
          <Table.Th scope="col">{t('statusLabel')}</Table.Th>
          <Table.Th scope="col">{t('engineers.since')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {engineers.map(({ id, name, email, status, created_at }) => (
          <Table.Tr key={id}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>{email}</Table.Td>
            <Table.Td>
              <StateChip tone={tones[status]}>{t(`engineers.status.${status}`)}</StateChip>
            </Table.Td>
            <Table.Td>
              <Moment at={created_at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Invite({ partner, onClose }: { readonly partner: Partner; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.partners')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const inviting = useMutation({ mutationFn: inviteEngineer, onSuccess: refreshPartners, gcTime: 0 })
  if (inviting.data !== undefined) {
    return <ShownOnce title={t('engineers.invited')} about={t('engineers.invitedAbout')} text={inviting.data} label={t('engineers.link')} onClose={onClose} />
  }
  return (
    <Dialog opened onClose={onClose} title={t('engineers.invite')}>
      <Form
        onSubmit={() => inviting.mutate({ partner: partner.id, name, email })}
        submit={t('engineers.submit')}
        pending={inviting.isPending}
        error={inviting.error}
      >
        <TextInput
          label={t('engineers.name')}
          required
          maxLength={200}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <EmailField value={email} onChange={setEmail} />
      </Form>
    </Dialog>
  )
}
