import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { InviteUser } from './invite.tsx'
import { staffRoles, type User, userPages } from './queries.ts'
import { UserState, userStates } from './state.tsx'

export function PeopleList() {
  const { t } = useTranslation('governance.people')
  const format = useFormat()
  const pathTo = useObjectPath()
  const can = useCan()
  const [inviting, { open, close }] = useDisclosure()
  const columns = useMemo(
    (): ListColumn<User>[] => [
      { name: 'name', label: t('name'), value: (row) => row.name, width: 220, phone: true },
      { name: 'email', label: t('email'), value: (row) => row.email, width: 260 },
      { name: 'roles', label: t('roles'), value: (row) => format.list(row.roles.map((role) => t(`role.${role}`))), width: 240 },
      { name: 'status', label: t('statusLabel'), value: (row) => row.status, cell: (row) => <UserState status={row.status} />, width: 130, phone: true },
      { name: 'created_at', label: t('since'), value: (row) => row.created_at, cell: (row) => <Moment at={row.created_at} focusable={false} /> },
    ],
    [t, format],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      { kind: 'choice', name: 'kind', label: t('kindLabel'), options: (['staff', 'engineer'] as const).map((value) => ({ value, label: t(`kind.${value}`) })) },
      { kind: 'choice', name: 'role', label: t('roles'), options: staffRoles.map((value) => ({ value, label: t(`role.${value}`) })) },
      {
        kind: 'choice',
        name: 'status',
        label: t('statusLabel'),
        options: Object.keys(userStates).map((value) => ({ value, label: t(`status.${value}`) })),
      },
    ],
    [t],
  )
  const invite = can('create', 'user') ? (
    <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
      {t('invite.open')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} about={t('about')} actions={invite}>
      <RecordList
        name="people"
        label={t('title')}
        columns={columns}
        filters={filters}
        pages={userPages}
        live={['identity.*']}
        rowId={(row) => row.id}
        open={(row) => pathTo('user', row.id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
      />
      {inviting ? <InviteUser onClose={close} /> : null}
    </Page>
  )
}
