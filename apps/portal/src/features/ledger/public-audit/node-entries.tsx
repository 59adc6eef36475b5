import { Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { type NodeEntry, nodeEntriesQuery, nodePageSize } from './node-log.ts'

/** What the node's own log says, for an operator: mostly how far each institution's log has come. */
export function NodeEntries({ credential, size }: { readonly credential: string; readonly size: number }) {
  const { t } = useTranslation('ledger.public-audit')
  const format = useFormat()
  const last = Math.max(0, size - nodePageSize)
  const [from, setFrom] = useState(last)
  const query = useQuery({ ...nodeEntriesQuery(credential, from), placeholderData: keepPreviousData })
  return (
    <Stack component="section" gap="sm" aria-labelledby="entries">
      <Title order={2} id="entries">
        {t('entries.title')}
      </Title>
      <Text>{t('entries.about')}</Text>
      <Group gap="xs">
        <Button variant="default" disabled={from === 0} onClick={() => setFrom(Math.max(0, from - nodePageSize))}>
          {t('entries.earlier')}
        </Button>
        <Button variant="default" disabled={from >= last} onClick={() => setFrom(Math.min(last, from + nodePageSize))}>
          {t('entries.later')}
        </Button>
      </Group>
      <QueryView query={query}>
        {({ data }) => (
          <WideTable label={t('entries.title')} minWidth={520}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col" ta="end" w={80}>
                  {t('entries.place')}
                </Table.Th>
                <Table.Th scope="col">{t('entries.what')}</Table.Th>
                <Table.Th scope="col">{t('entries.who')}</Table.Th>
                <Table.Th scope="col">{t('entries.when')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((entry) => (
                <Table.Tr key={entry.id}>
                  <Table.Td ta="end">{entry.index === null ? '' : format.number(entry.index)}</Table.Td>
                  <Table.Td>
                    <What entry={entry} />
                  </Table.Td>
                  <Table.Td>{entry.body.object === undefined ? '–' : <ShortId id={entry.body.object.id} />}</Table.Td>
                  <Table.Td>
                    <Moment at={entry.body.at} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </WideTable>
        )}
      </QueryView>
    </Stack>
  )
}

function What({ entry: { body } }: { readonly entry: NodeEntry }) {
  const { t } = useTranslation('ledger.public-audit')
  const format = useFormat()
  const { size } = body.details ?? {}
  return body.type === 'ledger.head' && typeof size === 'number' ? t('entries.head', { size: format.number(size) }) : <code>{body.type}</code>
}
