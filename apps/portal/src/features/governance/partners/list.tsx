import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useMayKeys } from './api-keys.tsx'
import { keyCountsQuery, lastCallsQuery, lastCallWithinDays, type Partner, partnerPages, partnersKey } from './queries.ts'
import { RegisterPartner } from './register.tsx'
import { PartnerState, partnerStates } from './state.tsx'

export function PartnerList() {
  const { t } = useTranslation('governance.partners')
  const format = useFormat()
  const pathTo = useObjectPath()
  const can = useCan()
  const [registering, { open, close }] = useDisclosure()
  const { data: lastCalls } = useQuery({ ...lastCallsQuery(), enabled: can('read', 'pattern') })
  const mayKeys = useMayKeys()('read')
  const { data: keyCounts } = useQuery({ ...keyCountsQuery(), enabled: mayKeys })
  useLive(['identity.issue_key', 'identity.revoke_key', 'partners.*', 'release.authorize'], partnersKey)
  const columns = useMemo(
    (): ListColumn<Partner>[] => [
      { name: 'name', label: t('name'), value: (row) => row.name, width: 240, phone: true },
      { name: 'reference', label: t('reference'), value: (row) => row.reference, cell: (row) => <code>{row.reference}</code>, width: 200 },
      {
        name: 'status',
        label: t('statusLabel'),
        value: (row) => row.status,
        cell: (row) => <PartnerState status={row.status} />,
        width: 140,
        phone: true,
      },
      ...(mayKeys ? [{ name: 'api_keys', label: t('apiKeys.title'), value: (row: Partner) => keyCounts?.get(row.id) ?? 0, numeric: true, width: 110 }] : []),
      {
        name: 'last_call',
        label: t('lastCall'),
        value: (row) => lastCalls?.get(row.id) ?? null,
        cell: (row) => {
          const day = lastCalls?.get(row.id)
          return day === undefined ? t('lastCallNone', { days: lastCallWithinDays }) : format.day(day)
        },
        width: 180,
      },
      { name: 'created_at', label: t('since'), value: (row) => row.created_at, cell: (row) => <Moment at={row.created_at} focusable={false} /> },
    ],
    [t, format, lastCalls, keyCounts, mayKeys],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      {
        kind: 'choice',
        name: 'status',
        label: t('statusLabel'),
        options: Object.keys(partnerStates).map((value) => ({ value, label: t(`status.${value}`) })),
      },
    ],
    [t],
  )
  const register = can('create', 'partner') ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {t('register.open')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} about={t('about')} actions={register}>
      <RecordList
        name="partners"
        label={t('title')}
        columns={columns}
        filters={filters}
        pages={partnerPages}
        rowId={(row) => row.id}
        open={(row) => pathTo('partner', row.id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
      />
      {registering ? <RegisterPartner onClose={close} /> : null}
    </Page>
  )
}
