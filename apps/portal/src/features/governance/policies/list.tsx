import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type PolicyItem, policyNews, policyPages } from './queries.ts'
import { PolicyState, policyStates } from './state.tsx'

export function PolicyList() {
  const { t } = useTranslation('governance.policies')
  const can = useCan()
  const pathTo = useObjectPath()
  const columns = useMemo(
    (): ListColumn<PolicyItem>[] => [
      { name: 'title', label: t('name'), value: (row) => row.title, width: 260, phone: true },
      { name: 'state', label: t('stateLabel'), value: (row) => row.state, cell: (row) => <PolicyState state={row.state} />, width: 140, phone: true },
      { name: 'assignee', label: t('assignee'), value: (row) => row.assignee, cell: (row) => (row.assignee === '*' ? t('everyPartner') : row.assignee) },
      {
        name: 'active_version',
        label: t('inForce'),
        value: (row) => row.active_version,
        cell: (row) => (row.active_version === null ? '–' : t('version', { version: row.active_version })),
        width: 120,
      },
      {
        name: 'newest_version',
        label: t('newest'),
        value: (row) => row.newest_version,
        cell: (row) => t('version', { version: row.newest_version }),
        width: 120,
      },
      {
        name: 'active_since',
        label: t('since'),
        value: (row) => row.active_since,
        cell: (row) => (row.active_since === null ? '–' : <Moment at={row.active_since} focusable={false} />),
        width: 150,
      },
      { name: 'uid', label: t('uid'), value: (row) => row.uid, hidden: true },
      {
        name: 'created_at',
        label: t('created'),
        value: (row) => row.created_at,
        cell: (row) => <Moment at={row.created_at} focusable={false} />,
        hidden: true,
      },
    ],
    [t],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      { kind: 'choice', name: 'state', label: t('stateLabel'), options: Object.keys(policyStates).map((value) => ({ value, label: t(`state.${value}`) })) },
      { kind: 'text', name: 'assignee', label: t('assignee') },
      { kind: 'text', name: 'purpose', label: t('purpose') },
    ],
    [t],
  )
  const begin = can('create', 'policy') ? (
    <Button component={Link} to="/governance/policies/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {t('new.open')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} about={t('about')} actions={begin}>
      <RecordList
        name="policies"
        label={t('title')}
        columns={columns}
        filters={filters}
        pages={policyPages}
        live={policyNews}
        rowId={(row) => row.id}
        open={(row) => pathTo('policy', row.id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} action={begin} />}
      />
    </Page>
  )
}
