import { Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import type { Call } from './merge-calls.ts'
import { callsQuery } from './queries.ts'

/** What the partner asked for last, and what it was answered. */
export function Calls({ partner }: { readonly partner: string }) {
  const { t } = useTranslation('governance.partners')
  return (
    <QueryView query={useQuery(callsQuery(partner))}>
      {(calls) =>
        calls.length === 0 ? (
          <EmptyState title={t('calls.none')} about={t('calls.noneAbout')} />
        ) : (
          <Stack gap="sm">
            <Text c="dimmed" maw={720}>
              {t('calls.about')}
            </Text>
            <WideTable label={t('calls.tab')} minWidth={680}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('calls.at')}</Table.Th>
                  <Table.Th scope="col">{t('calls.answer')}</Table.Th>
                  <Table.Th scope="col">{t('calls.purpose')}</Table.Th>
                  <Table.Th scope="col">{t('calls.fields')}</Table.Th>
                  <Table.Th scope="col">{t('calls.entry')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {calls.map((call) => (
                  <Table.Tr key={call.id}>
                    <Table.Td>
                      <Moment at={call.at} />
                    </Table.Td>
                    <Table.Td>
                      <Answered call={call} />
                    </Table.Td>
                    <Table.Td>{call.purpose ?? '–'}</Table.Td>
                    <Table.Td>{call.kind === 'refused' && !call.fields ? t('calls.allFields') : call.fields}</Table.Td>
                    <Table.Td>
                      <ShortId id={call.id} kind={call.kind === 'granted' ? 'release' : 'entry'} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
          </Stack>
        )
      }
    </QueryView>
  )
}

function Answered({ call }: { readonly call: Call }) {
  const { t } = useTranslation('governance.partners')
  if (call.kind === 'granted') {
    return (
      <Stack gap={2} align="flex-start">
        <StateChip tone="permit">{t('calls.granted')}</StateChip>
        <Text size="sm">{t(`calls.state.${call.state}`, call.state)}</Text>
      </Stack>
    )
  }
  return (
    <Stack gap={2} align="flex-start">
      <StateChip tone="deny">{t('calls.refused')}</StateChip>
      {call.reasons.map((reason) => (
        <Text size="sm" key={reason}>
          {t(`calls.reason.${reason}`, reason)}
        </Text>
      ))}
    </Stack>
  )
}
