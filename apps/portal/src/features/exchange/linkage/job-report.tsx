import { Alert, Select, Stack, Table, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Chart } from '../../../ui/chart/chart.tsx'
import type { ChartData } from '../../../ui/chart/data.ts'
import { Section } from '../../../ui/section.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { useSemanticName } from '../../custody/imports/column-words.ts'
import { exactShare, signedBits } from './bits.ts'
import type { Report } from './job-queries.ts'
import { useLevelName } from './level-name.ts'
import { bitsOf, thresholdsOf } from './thresholds.ts'

/** What a job says of itself: figures and rules, and no value of anybody. */
export function JobReport({ report, threshold }: { readonly report: Report; readonly threshold: number }) {
  const { t } = useTranslation('exchange.linkage')
  const format = useFormat()
  return (
    <Stack gap="xl">
      <Section id="short" title={t('report.short.title')}>
        <InShort report={report} threshold={threshold} />
      </Section>
      <Section id="thresholds" title={t('report.thresholds.title')} about={t('report.thresholds.about')}>
        <Thresholds report={report} threshold={threshold} />
      </Section>
      {report.examples.length === 0 ? null : (
        <Section id="examples" title={t('report.examples.title')} about={t('report.examples.about')}>
          <Examples examples={report.examples} />
        </Section>
      )}
      <Section id="levels" title={t('report.levels.title')} about={t('report.levels.about', { prior: signedBits(report.prior, format) })}>
        <Levels levels={report.levels} />
      </Section>
      <Section id="blocking" title={t('report.blocking.title')}>
        <Text>
          {t('report.blocking.about', {
            records: format.list(report.sources.map(({ name, records }) => `${name}: ${format.number(records)}`)),
            pairs: format.number(report.blocking.pairs),
            reduction: format.percent(report.blocking.reduction),
          })}
        </Text>
        {report.decided.linked + report.decided.parted === 0 ? null : (
          <Text>{t('report.decided', { linked: format.number(report.decided.linked), parted: format.number(report.decided.parted) })}</Text>
        )}
      </Section>
      {report.warnings.length === 0 ? null : (
        <Alert variant="default" title={t('report.warnings')}>
          {report.warnings.map((warning) => (
            <Text key={warning} lang="en">
              {warning}
            </Text>
          ))}
        </Alert>
      )}
    </Stack>
  )
}

/** More wrong links than this share, and another threshold is worth a look. */
const wrongShareMax = 0.01

/** What matched, how sure that is, and what is to be done next, in sentences. */
function InShort({ report, threshold }: { readonly report: Report; readonly threshold: number }) {
  const { t } = useTranslation('exchange.linkage')
  const format = useFormat()
  const { links, expected_false, doubtful, sources } = report
  const wrong = links === 0 ? 0 : expected_false / links
  const next = links === 0 ? 'nothing' : doubtful > 0 ? 'decide' : wrong > wrongShareMax ? 'stricter' : 'use'
  return (
    <ul className="rails">
      <li>
        {t('report.short.matched', {
          count: links,
          links: format.number(links),
          shares: format.list(
            sources.map(({ name, records }) =>
              t('report.short.of', { name, records: format.number(records), share: format.percent(records === 0 ? 0 : Math.min(1, links / records)) }),
            ),
          ),
        })}
      </li>
      {links === 0 ? null : <li>{t('report.short.sure', { probability: exactShare(threshold, format), wrong: format.percent(wrong) })}</li>}
      <li>{t(`report.short.next.${next}`, { doubtful: format.number(doubtful) })}</li>
    </ul>
  )
}

/** Pairs by weight, and what would become of links and of wrong ones under another threshold. */
function Thresholds({ report, threshold }: { readonly report: Report; readonly threshold: number }) {
  const { t } = useTranslation('exchange.linkage')
  const format = useFormat()
  const steps = report.by_weight
  const byWeight = useMemo(
    (): ChartData => ({
      kind: 'stacked',
      xLabel: t('report.weight'),
      x: steps.map(({ bits }) => signedBits(bits, format)),
      series: [
        { name: t('report.thresholds.below'), values: steps.map(({ count, linked }) => (linked ? null : count)) },
        { name: t('report.thresholds.above'), values: steps.map(({ count, linked }) => (linked ? count : null)) },
      ],
    }),
    [steps, t, format],
  )
  const byThreshold = useMemo((): ChartData => {
    const found = thresholdsOf(steps)
    return {
      kind: 'line',
      xLabel: t('report.thresholds.from'),
      x: found.map(({ bits }) => signedBits(bits, format)),
      series: [
        { name: t('report.thresholds.links'), values: found.map(({ links }) => links) },
        { name: t('report.thresholds.wrong'), values: found.map(({ expectedFalse }) => Math.round(expectedFalse * 10) / 10) },
      ],
    }
  }, [steps, t, format])
  return (
    <Stack gap="lg">
      <Chart
        title={t('report.thresholds.found', {
          count: report.links,
          links: format.number(report.links),
          wrong: format.number(Math.round(report.expected_false * 10) / 10),
        })}
        note={t('report.thresholds.at', { probability: exactShare(threshold, format), bits: signedBits(bitsOf(threshold), format) })}
        unit={t('report.pairs')}
        data={byWeight}
      />
      <Chart title={t('report.thresholds.other')} note={t('report.thresholds.otherNote')} unit={t('report.pairs')} data={byThreshold} />
    </Stack>
  )
}

const examplesByWords: Readonly<Record<string, string>> = {
  'Among the surest': 'surest',
  'In the middle': 'middle',
  'Just linked': 'justLinked',
  'Just not linked': 'justNot',
}

/** One pair taken apart: from what is known before anything is compared, step by step, to the total. */
function Examples({ examples }: Pick<Report, 'examples'>) {
  const { t } = useTranslation('exchange.linkage')
  const [semanticName, levelName] = [useSemanticName(), useLevelName()]
  const format = useFormat()
  const [at, setAt] = useState('0')
  const example = examples[Number(at)]
  const data = useMemo(
    (): ChartData => ({
      kind: 'waterfall',
      xLabel: t('report.examples.compared'),
      steps: [
        { name: t('report.examples.before'), from: 0, to: example?.prior ?? 0 },
        ...(example?.steps ?? []).map(({ comparison, from, to }) => ({ name: semanticName(comparison), from, to })),
        { name: t('report.examples.total'), from: 0, to: example?.total ?? 0 },
      ],
      change: t('report.examples.adds'),
      total: t('report.examples.sum'),
    }),
    [example, t, semanticName],
  )
  if (example === undefined) return null
  return (
    <Stack gap="md">
      <Select
        label={t('report.examples.which')}
        maw={560}
        allowDeselect={false}
        value={at}
        onChange={(value) => setAt(value ?? '0')}
        data={examples.map(({ why, place }, index) => ({
          value: String(index),
          label: `${t(`report.examples.why.${examplesByWords[why] ?? ''}`, why)}: ${place.replaceAll(/, row (\d+)/g, (_, row: string) => t('report.examples.row', { row: format.number(Number(row)) }))}`,
        }))}
      />
      <Chart
        title={t('report.examples.found', {
          probability: exactShare(example.probability, format),
          total: signedBits(example.total, format),
        })}
        unit={t('report.bits')}
        data={data}
      />
      <WideTable label={t('report.examples.title')} minWidth={420}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('report.examples.compared')}</Table.Th>
            <Table.Th scope="col">{t('report.level')}</Table.Th>
            <Table.Th scope="col" ta="end">
              {t('report.bits')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {example.steps.map(({ comparison, level, bits }) => (
            <Table.Tr key={comparison}>
              <Table.Th scope="row">{semanticName(comparison)}</Table.Th>
              <Table.Td>{levelName(level)}</Table.Td>
              <Table.Td ta="end">{signedBits(bits, format)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Stack>
  )
}

function Levels({ levels }: Pick<Report, 'levels'>) {
  const { t } = useTranslation('exchange.linkage')
  const [semanticName, levelName] = [useSemanticName(), useLevelName()]
  const format = useFormat()
  return (
    <WideTable label={t('report.levels.title')} minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('report.examples.compared')}</Table.Th>
          <Table.Th scope="col">{t('report.level')}</Table.Th>
          <Table.Th scope="col" ta="end">
            {t('report.levels.one')}
          </Table.Th>
          <Table.Th scope="col" ta="end">
            {t('report.levels.two')}
          </Table.Th>
          <Table.Th scope="col" ta="end">
            {t('report.bits')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {levels.map(({ comparison, level, m, u, bits }) => (
          <Table.Tr key={`${comparison} ${level}`}>
            <Table.Th scope="row">{semanticName(comparison)}</Table.Th>
            <Table.Td>{levelName(level)}</Table.Td>
            <Table.Td ta="end">{format.percent(m)}</Table.Td>
            <Table.Td ta="end">{format.percent(u)}</Table.Td>
            <Table.Td ta="end">{signedBits(bits, format)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
