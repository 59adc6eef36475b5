import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { keyStateAt } from '../../governance/partners/key-state.ts'
import { type ApiKey, apiKeyPages, ownersQuery } from './queries.ts'

const stateOf = (key: ApiKey) => keyStateAt(key, Date.now())

/** Every key of the institution: whose it is, and whether anybody uses it. */
export function ApiKeyList() {
  const { t } = useTranslation('administration.api-keys')
  const pathTo = useObjectPath()
  const { data: owners } = useQuery(ownersQuery())
  const columns = useMemo(
    (): ListColumn<ApiKey>[] => [
      { name: 'label', label: t('label'), value: (row) => row.label, width: 220, phone: true },
      { name: 'owner', label: t('owner'), value: (row) => owners?.get(row.owner) ?? shortened(row.owner), width: 220 },
      { name: 'owner_kind', label: t('kindLabel'), value: (row) => t(`kind.${row.owner_kind}`), width: 120 },
      {
        name: 'state',
        label: t('stateLabel'),
        value: (row) => stateOf(row),
        cell: (row) => <StateChip tone={stateOf(row) === 'valid' ? 'permit' : 'neutral'}>{t(`state.${stateOf(row)}`)}</StateChip>,
        width: 130,
        phone: true,
      },
      {
        name: 'last_used_at',
        label: t('lastUsed'),
        value: (row) => row.last_used_at,
        cell: (row) => (row.last_used_at === null ? t('never') : <Moment at={row.last_used_at} focusable={false} />),
      },
      { name: 'expires_at', label: t('ends'), value: (row) => row.expires_at, cell: (row) => <Moment at={row.expires_at} focusable={false} /> },
      { name: 'created_at', label: t('issued'), value: (row) => row.created_at, cell: (row) => <Moment at={row.created_at} focusable={false} /> },
    ],
    [t, owners],
  )
  return (
    <Page title={t('title')} about={t('about')}>
      <RecordList
        name="api-keys"
        label={t('title')}
        columns={columns}
        pages={apiKeyPages}
        live={['identity.issue_key', 'identity.revoke_key']}
        rowId={(row) => row.id}
        open={(row) => pathTo(row.owner_kind, row.owner)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
      />
    </Page>
  )
}
