import { Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { batchesQuery } from './queries.ts'

export function Batches() {
  const { t } = useTranslation('ledger.consent-proofs')
  const format = useFormat()
  const query = useQuery(batchesQuery)
  return (
    <Stack component="section" gap="sm" aria-labelledby="batches">
      <Title order={2} id="batches">
        {t('batches.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('batches.about')}
      </Text>
      <QueryView query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Text>{t('batches.none')}</Text>
          ) : (
            <WideTable label={t('batches.title')} minWidth={620}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('batches.made')}</Table.Th>
                  <Table.Th scope="col">{t('batches.entry')}</Table.Th>
                  {(['releases', 'consent_changes', 'proofs', 'unproven'] as const).map((name) => (
                    <Table.Th key={name} scope="col" ta="end">
                      {t(`batches.${name}`)}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.map((batch) => (
                  <Table.Tr key={batch.id}>
                    <Table.Th scope="row">
                      <Moment at={batch.made_at} />
                    </Table.Th>
                    <Table.Td>
                      <ShortId id={batch.entry} kind="entry" />
                    </Table.Td>
                    {(['releases', 'consent_changes', 'proofs', 'unproven'] as const).map((name) => (
                      <Table.Td key={name} ta="end">
                        {format.number(batch[name])}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
          )
        }
      </QueryView>
    </Stack>
  )
}
