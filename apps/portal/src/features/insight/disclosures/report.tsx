import { Alert, Button, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { type Disclosure, disclosuresMax, downloadReport, type FileFormat, formats, type Report } from './queries.ts'
import { bytesOf, type Total, totalsBy } from './totals.ts'

const tones: Readonly<Record<Disclosure['state'], Tone>> = { delivered: 'permit', undelivered: 'attention', under_way: 'info' }

/** The totals, each disclosure, and the same as a file. */
export function ReportShown({ report }: { readonly report: Report }) {
  const { t } = useTranslation('insight.disclosures')
  const format = useFormat()
  const can = useCan()
  const pathTo = useObjectPath()
  const { disclosures, question, more } = report
  const columns = useColumns()
  if (disclosures.length === 0) return <EmptyState title={t('none.title')} about={t(question.person === '' ? 'none.about' : 'none.aboutPerson')} />
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Title order={2}>
          {t('total', { count: disclosures.length, number: format.number(disclosures.length), bytes: format.bytes(bytesOf(disclosures)) })}
        </Title>
        {can('export', 'disclosure') ? <Downloads report={report} /> : null}
      </Group>
      {more ? <Alert>{t('more', { number: format.number(disclosuresMax) })}</Alert> : null}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="lg">
        <Totals title={t('by.partner')} totals={totalsBy(disclosures, ({ partner }) => [partner.name])} />
        <Totals title={t('by.purpose')} totals={totalsBy(disclosures, ({ purpose_label }) => [purpose_label])} />
        <Totals title={t('by.basis')} totals={totalsBy(disclosures, ({ bases }) => bases.map(({ basis_label }) => basis_label))} />
        <Totals title={t('by.field')} totals={totalsBy(disclosures, ({ fields }) => fields.map(({ name }) => name))} />
      </SimpleGrid>
      <RecordList
        name="disclosures"
        label={t('title')}
        columns={columns}
        rows={disclosures}
        rowId={(row) => row.release}
        open={(row) => pathTo('release', row.release)}
        empty={null}
      />
    </Stack>
  )
}

function Downloads({ report: { question } }: { readonly report: Report }) {
  const { t } = useTranslation('insight.disclosures')
  const downloading = useMutation({ mutationFn: (as: FileFormat) => downloadReport(question, as) })
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="xs">
        {formats.map((as) => (
          <Button
            key={as}
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={downloading.isPending && downloading.variables === as}
            onClick={() => downloading.mutate(as)}
          >
            {t('download', { format: as.toUpperCase() })}
          </Button>
        ))}
      </Group>
      <ProblemAlert error={downloading.error} />
    </Stack>
  )
}

const totalsShown = 8

function Totals({ title, totals }: { readonly title: string; readonly totals: readonly Total[] }) {
  const { t } = useTranslation('insight.disclosures')
  const format = useFormat()
  return (
    <div>
      <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={0}>
        <Table.Caption style={{ captionSide: 'top', textAlign: 'start', marginTop: 0, color: 'inherit', fontWeight: 600 }}>{title}</Table.Caption>
        <Table.Tbody>
          {totals.slice(0, totalsShown).map(({ name, disclosures }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Table.Th>
              <Table.Td ta="end">{format.number(disclosures)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {totals.length > totalsShown ? (
        <Text size="sm" c="dimmed">
          {t('others', { count: totals.length - totalsShown })}
        </Text>
      ) : null}
    </div>
  )
}

function useColumns(): ListColumn<Disclosure>[] {
  const { t } = useTranslation('insight.disclosures')
  const format = useFormat()
  return useMemo(
    () => [
      { name: 'at', label: t('at'), value: ({ at }) => at, cell: ({ at }) => <Moment at={at} focusable={false} />, width: 130, phone: true },
      { name: 'partner', label: t('partner'), value: ({ partner }) => partner.name, width: 150, phone: true },
      { name: 'purpose', label: t('purpose'), value: ({ purpose_label }) => purpose_label, width: 150 },
      {
        name: 'basis',
        label: t('basis'),
        value: ({ bases }) => format.list(bases.map(({ basis_label, law }) => (law === null ? basis_label : `${basis_label} (${law})`))),
        width: 220,
      },
      {
        name: 'policy',
        label: t('policy'),
        value: ({ bases }) => format.list(bases.map(({ policy_uid, version, rule }) => t('ruleOf', { policy: policy_uid, version, rule }))),
        width: 240,
        hidden: true,
      },
      { name: 'consents', label: t('consents'), value: ({ consents }) => consents.length, numeric: true, width: 110, hidden: true },
      {
        name: 'fields',
        label: t('fields'),
        value: ({ fields }) => format.list(fields.map(({ name, mask }) => (mask === 'keep' ? name : t('masked', { name, mask })))),
        width: 280,
      },
      {
        name: 'bytes',
        label: t('bytes'),
        value: ({ bytes }) => bytes,
        cell: ({ bytes }) => (bytes === null ? '–' : format.bytes(bytes)),
        numeric: true,
        width: 110,
      },
      {
        name: 'state',
        label: t('stateLabel'),
        value: ({ state }) => state,
        cell: ({ state }) => <StateChip tone={tones[state]}>{t(`state.${state}`)}</StateChip>,
        width: 150,
      },
      { name: 'record_type', label: t('recordType'), value: ({ record_type }) => record_type, hidden: true },
    ],
    [t, format],
  )
}
