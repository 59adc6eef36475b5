import { Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import type { Keys } from './queries.ts'

export function Epochs({ epochs }: { readonly epochs: Keys['epochs'] }) {
  const { t } = useTranslation('ledger.keys')
  const format = useFormat()
  return (
    <Stack component="section" gap="sm" aria-labelledby="epochs">
      <Title order={2} id="epochs">
        {t('epochs.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('epochs.about')}
      </Text>
      <WideTable label={t('epochs.title')} minWidth={420}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('epochs.number')}</Table.Th>
            <Table.Th scope="col">{t('epochs.begun')}</Table.Th>
            <Table.Th scope="col">{t('epochs.ends')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...epochs].reverse().map(({ number, begun_at, key_ends_at }) => (
            <Table.Tr key={number}>
              <Table.Th scope="row">{format.number(number)}</Table.Th>
              <Table.Td>
                <Moment at={begun_at} />
              </Table.Td>
              <Table.Td>
                <Moment at={key_ends_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Stack>
  )
}
