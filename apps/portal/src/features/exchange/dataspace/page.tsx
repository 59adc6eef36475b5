import { Alert, Table, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import { WideTable } from '../../../ui/wide-table.tsx'
import {
  type Agreement,
  agreementPages,
  dataspaceNews,
  type NegotiationRow,
  negotiationPages,
  participantsQuery,
  type TransferRow,
  transferPages,
} from './queries.ts'
import { ProcessState } from './state.tsx'

const tabs = ['negotiations', 'agreements', 'transfers', 'participants'] as const

/** What is negotiated with other participants of dataspaces, what was agreed on, and what is transferred under it. */
export function DataspacePage() {
  const { t } = useTranslation('exchange.dataspace')
  const [{ tab }, setAddress] = useAddressValues()
  const { data } = useQuery(participantsQuery())
  return (
    <Page title={t('title')} about={t('about')}>
      {data?.on === false ? <Alert title={t('off.title')}>{t('off.about')}</Alert> : null}
      <Tabs value={tabs.find((name) => name === tab) ?? 'negotiations'} onChange={(next) => setAddress({ tab: next ?? undefined })} keepMounted={false}>
        <Tabs.List className="tabs">
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="negotiations" pt="md">
          <Negotiations />
        </Tabs.Panel>
        <Tabs.Panel value="agreements" pt="md">
          <Agreements />
        </Tabs.Panel>
        <Tabs.Panel value="transfers" pt="md">
          <Transfers />
        </Tabs.Panel>
        <Tabs.Panel value="participants" pt="md">
          <Participants />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

/** What every negotiation and every transfer has in a list. */
function useColumns<Process extends NegotiationRow | TransferRow>(): ListColumn<Process>[] {
  const { t } = useTranslation('exchange.dataspace')
  return useMemo(
    () => [
      { name: 'partner', label: t('partner'), value: (row) => row.partner, width: 180, phone: true },
      { name: 'state', label: t('stateLabel'), value: (row) => row.state, cell: (row) => <ProcessState state={row.state} />, width: 140, phone: true },
      { name: 'dataset', label: t('dataset'), value: (row) => row.dataset, width: 280 },
      { name: 'role', label: t('roleLabel'), value: (row) => t(`role.${row.role}`), width: 160 },
      { name: 'reason', label: t('reason'), value: (row) => (row.reason === null ? '–' : t(`why.${row.reason}`, row.reason)), width: 220 },
      {
        name: 'changed_at',
        label: t('changedAt'),
        value: (row) => row.changed_at,
        cell: (row) => <Moment at={row.changed_at} focusable={false} />,
        width: 160,
      },
    ],
    [t],
  )
}

function useStates(states: readonly string[]): ListFilter[] {
  const { t } = useTranslation('exchange.dataspace')
  return useMemo(
    () => [{ kind: 'choice', name: 'state', label: t('stateLabel'), options: states.map((value) => ({ value, label: t(`state.${value}`) })) }],
    [t, states],
  )
}

const negotiationStates = ['REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED'] as const
const transferStates = ['REQUESTED', 'STARTED', 'SUSPENDED', 'COMPLETED', 'TERMINATED'] as const

function Negotiations() {
  const { t } = useTranslation('exchange.dataspace')
  const pathTo = useObjectPath()
  return (
    <RecordList
      name="dataspace-negotiations"
      label={t('tab.negotiations')}
      columns={useColumns<NegotiationRow>()}
      filters={useStates(negotiationStates)}
      pages={negotiationPages}
      live={dataspaceNews}
      rowId={(row) => row.id}
      open={(row) => pathTo('negotiation', row.id)}
      empty={<EmptyState title={t('empty.negotiations.title')} about={t('empty.negotiations.about')} />}
    />
  )
}

function Transfers() {
  const { t } = useTranslation('exchange.dataspace')
  const pathTo = useObjectPath()
  return (
    <RecordList
      name="dataspace-transfers"
      label={t('tab.transfers')}
      columns={useColumns<TransferRow>()}
      filters={useStates(transferStates)}
      pages={transferPages}
      live={dataspaceNews}
      rowId={(row) => row.id}
      open={(row) => pathTo('transfer', row.id)}
      empty={<EmptyState title={t('empty.transfers.title')} about={t('empty.transfers.about')} />}
    />
  )
}

function Agreements() {
  const { t } = useTranslation('exchange.dataspace')
  const pathTo = useObjectPath()
  const columns = useMemo(
    (): ListColumn<Agreement>[] => [
      { name: 'partner', label: t('partner'), value: (row) => row.partner, width: 180, phone: true },
      { name: 'dataset', label: t('dataset'), value: (row) => row.dataset, width: 300, phone: true },
      { name: 'role', label: t('roleLabel'), value: (row) => t(`role.${row.role}`), width: 160 },
      { name: 'name', label: t('agreement'), value: (row) => row.name, width: 320 },
      {
        name: 'in_force_at',
        label: t('inForceAt'),
        value: (row) => row.in_force_at,
        cell: (row) => <Moment at={row.in_force_at} focusable={false} />,
        width: 160,
      },
    ],
    [t],
  )
  return (
    <RecordList
      name="dataspace-agreements"
      label={t('tab.agreements')}
      columns={columns}
      pages={agreementPages}
      live={dataspaceNews}
      rowId={(row) => row.id}
      open={(row) => pathTo('negotiation', row.negotiation)}
      empty={<EmptyState title={t('empty.agreements.title')} about={t('empty.agreements.about')} />}
    />
  )
}

function Participants() {
  const { t } = useTranslation('exchange.dataspace')
  const query = useQuery(participantsQuery())
  return (
    <QueryView query={query}>
      {({ data }) =>
        data.length === 0 ? (
          <EmptyState title={t('empty.participants.title')} about={t('empty.participants.about')} />
        ) : (
          <WideTable label={t('tab.participants')} minWidth={680}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('partner')}</Table.Th>
                <Table.Th>{t('participant')}</Table.Th>
                <Table.Th>{t('address')}</Table.Th>
                <Table.Th>{t('stateLabel')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map(({ id, partner, partner_name, participant_id, address, state }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    {partner_name}
                    <Text size="sm" c="dimmed">
                      {partner}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <code>{participant_id}</code>
                  </Table.Td>
                  <Table.Td>
                    <code>{address}</code>
                  </Table.Td>
                  <Table.Td>{t(`participantState.${state}`)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </WideTable>
        )
      }
    </QueryView>
  )
}
