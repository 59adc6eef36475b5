import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Section } from '../../../ui/section.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import type { Run } from './queries.ts'
import { RunMap } from './run-map.tsx'

type Part = Run['nodes'][number]

const tones: Readonly<Record<Part['state'], Tone>> = {
  asked: 'neutral',
  delivered: 'info',
  working: 'info',
  awaiting_approval: 'attention',
  answered: 'permit',
  refused: 'deny',
  expired: 'neutral',
  cancelled: 'neutral',
}

/** What other nodes do for the run, each by its own word. */
export function Nodes({ run }: { readonly run: Run }) {
  const { t } = useTranslation('exchange.runs')
  const format = useFormat()
  const figure = (rows: number | null) => (rows === null ? t('nodes.few') : format.number(rows))
  return (
    <Section id="nodes" title={t('nodes.title')}>
      <RunMap run={run} />
      {run.steps.some(({ kind }) => kind === 'seal') ? <Text maw={720}>{t('nodes.session')}</Text> : null}
      <WideTable label={t('nodes.title')} minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('nodes.node')}</Table.Th>
            <Table.Th scope="col">{t('nodes.state')}</Table.Th>
            <Table.Th scope="col">{t('nodes.sources')}</Table.Th>
            <Table.Th scope="col">{t('nodes.rows')}</Table.Th>
            <Table.Th scope="col">{t('nodes.deadline')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {run.nodes.map((part) => (
            <Table.Tr key={part.node}>
              <Table.Th scope="row">{part.node}</Table.Th>
              <Table.Td>
                <StateChip tone={tones[part.state]}>{t(`nodes.states.${part.state}`)}</StateChip>
                {part.reason === null ? null : (
                  <Text size="sm" c="dimmed">
                    {t(`why.${part.reason}.what`, part.reason.replaceAll('_', ' '))}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{part.links ? t('nodes.links') : part.sources.join(', ')}</Table.Td>
              <Table.Td>{part.rows.map(({ rows_out }) => figure(rows_out)).join(', ')}</Table.Td>
              <Table.Td>
                <Moment at={part.deadline_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Section>
  )
}
