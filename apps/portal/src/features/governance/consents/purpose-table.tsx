import { Table, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { WideTable } from '../../../ui/wide-table.tsx'

type Purposes = Answer<'/v1/consents/overview'>['purposes']

const counts = ['in_force', 'ending_soon', 'not_yet', 'expired', 'withdrawn'] as const

export function PurposeTable({ purposes }: { readonly purposes: Purposes }) {
  const { t } = useTranslation('governance.consents')
  const format = useFormat()
  return (
    <section aria-labelledby="by-purpose">
      <Title order={2} id="by-purpose" mb="sm">
        {t('purposes.title')}
      </Title>
      <WideTable label={t('purposes.title')} minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('purposes.purpose')}</Table.Th>
            {counts.map((name) => (
              <Table.Th key={name} scope="col" ta="end">
                {t(`purposes.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {purposes.map((row) => (
            <Table.Tr key={row.purpose}>
              <Table.Th scope="row">{row.label}</Table.Th>
              {counts.map((name) => (
                <Table.Td key={name} ta="end">
                  {format.number(row[name])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </section>
  )
}
