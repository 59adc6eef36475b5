import { Table, Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Answer, api, ask } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { useCounted } from '../../insight/patterns/use-counted.ts'
import { Card, Figures } from './card.tsx'

type Today = Answer<'/v1/insight/today'>

const todayKey = ['patterns', 'today'] as const
/** The day begins where the reader is. */
const todayQuery = queryOptions({
  queryKey: todayKey,
  queryFn: ({ signal }) =>
    ask(() => api.GET('/v1/insight/today', { params: { query: { since: new Date(new Date().setHours(0, 0, 0, 0)).toISOString() } }, signal })),
})

/** What left today, to whom and why, and what was denied. */
export function TodayCard() {
  const { t } = useTranslation('home.cards')
  const format = useFormat()
  useCounted(['release.*'], todayKey)
  const query = useQuery(todayQuery)
  return (
    <QueryView query={query}>
      {(today) => {
        const { requested, denied, redeemed } = today.totals
        const says =
          redeemed === 0
            ? t('today.nothing')
            : t('today.left', { count: redeemed, number: format.number(redeemed), partners: new Set(today.flows.map(({ partner }) => partner.id)).size })
        return (
          <Card title={t('today.title')} says={says} to="/insight/patterns">
            <Figures
              figures={[
                { label: t('today.requested'), value: format.number(requested) },
                { label: t('today.denied'), value: format.number(denied) },
                { label: t('today.disclosed'), value: format.number(redeemed) },
                { label: t('today.bytes'), value: format.bytes(today.bytes) },
              ]}
            />
            <Flows flows={today.flows} />
            <Denials denials={today.denials} />
          </Card>
        )
      }}
    </QueryView>
  )
}

function Flows({ flows }: Pick<Today, 'flows'>) {
  const { t } = useTranslation('home.cards')
  const format = useFormat()
  if (flows.length === 0) return null
  return (
    <WideTable label={t('today.title')} minWidth={520}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('today.partner')}</Table.Th>
          <Table.Th scope="col">{t('today.purpose')}</Table.Th>
          <Table.Th scope="col">{t('today.fields')}</Table.Th>
          <Table.Th scope="col" ta="end">
            {t('today.disclosed')}
          </Table.Th>
          <Table.Th scope="col" ta="end">
            {t('today.bytes')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {flows.map(({ partner, purpose, purpose_label, fields, redeemed, bytes }) => (
          <Table.Tr key={`${partner.id} ${purpose}`}>
            <Table.Td>{partner.name}</Table.Td>
            <Table.Td>{purpose_label}</Table.Td>
            <Table.Td>{format.list(fields)}</Table.Td>
            <Table.Td ta="end">{format.number(redeemed)}</Table.Td>
            <Table.Td ta="end">{format.bytes(bytes)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Denials({ denials }: Pick<Today, 'denials'>) {
  const { t } = useTranslation('home.cards')
  const format = useFormat()
  if (denials.length === 0) return null
  return (
    <Text size="sm">
      {t('today.why')}{' '}
      {format.list(denials.map(({ reason, count }) => t('today.reason', { reason: t(`reason.${reason}`, reason), number: format.number(count) })))}
    </Text>
  )
}
