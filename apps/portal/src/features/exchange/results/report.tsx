import { Group, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Facts } from '../../../ui/facts.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { useSemanticName } from '../../custody/imports/column-words.ts'
import type { Report } from './queries.ts'

const tones = { pass: 'permit', review: 'attention', fail: 'deny' } as const

/** What was checked of a result before it may leave: figures, and no row. */
export function DisclosureReport({ report }: { readonly report: Report }) {
  const { t } = useTranslation('exchange.results')
  const format = useFormat()
  const semanticName = useSemanticName()
  type Params = NonNullable<Report['checks'][number]['said']>['params']
  const inWords = ([name, value]: [string, string | number]) =>
    name === 'semantic' ? semanticName(String(value)) : /^\d+(\.\d+)?$/.test(String(value)) ? format.number(Number(value)) : value
  const named = (params: Params) => Object.fromEntries(Object.entries(params).map((param) => [param[0], inWords(param)]))
  const share = (value: number | null) => (value === null ? null : format.percent(value))
  const number = (value: number | null) => (value === null ? null : format.number(value))
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Text fw={600}>{t('report.outcome')}</Text>
        <StateChip tone={tones[report.status]}>{t(`report.status.${report.status}`)}</StateChip>
      </Group>
      <WideTable label={t('report.title')} minWidth={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('report.check')}</Table.Th>
            <Table.Th scope="col">{t('report.outcome')}</Table.Th>
            <Table.Th scope="col">{t('report.detail')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {report.checks.map(({ check, column, status, detail, mitigation, said }) => (
            <Table.Tr key={`${check} ${column ?? ''}`}>
              <Table.Th scope="row">
                {t(`report.checks.${check}`, check.replaceAll('_', ' '))} {column === null ? null : <code>{column}</code>}
              </Table.Th>
              <Table.Td>
                <StateChip tone={tones[status]}>{t(`report.status.${status}`)}</StateChip>
              </Table.Td>
              {said === undefined ? (
                <Table.Td lang="en">
                  {detail} {mitigation}
                </Table.Td>
              ) : (
                <Table.Td>
                  {t(`report.said.${said.code}.detail`, detail, named(said.params))}{' '}
                  {mitigation === null ? null : t(`report.said.${said.code}.mitigation`, mitigation)}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <Facts
        facts={[
          { label: t('rows'), value: format.number(report.rows) },
          { label: t('report.people'), value: number(report.people) },
          { label: t('report.floor'), value: format.number(report.floor) },
          { label: t('report.risk'), value: share(report.risk_highest) },
          { label: t('report.loss'), value: share(report.loss) },
          { label: t('report.suppressed'), value: number(report.cells_suppressed) },
        ]}
      />
    </Stack>
  )
}
