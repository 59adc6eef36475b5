import './plans.css'
import { Group, Stack, Table, Text, Title } from '@mantine/core'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { Why } from '../runs/state.tsx'
import type { PictureNode } from './picture.ts'

export interface StepFigures {
  readonly id: string
  readonly kind: string
  readonly title: string
  /** Of a run: how far it is. */
  readonly state?: string
  readonly rows_in: number | null
  readonly rows_out: number | null
  readonly cells_changed?: number | null
  readonly reasons: Readonly<Record<string, number | null>>
}

/** Rows, or the word that they are about too few people to be told. */
export function useRows(): (rows: number | null) => string {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  return useCallback((rows) => (rows === null ? t('figures.hidden') : t('figures.rows', { count: rows, rows: format.number(rows) })), [t, format])
}

/** What steps are called, what they are about, and how many rows leave them. */
export function useFlowWords() {
  const { t } = useTranslation('exchange.plans')
  const rows = useRows()
  const kind = useCallback((name: string) => t(`kind.${name}`, name), [t])
  const about = useCallback(
    ({ code, params }: PictureNode['label']) => {
      const { models } = params
      const named = typeof models === 'string' ? models.split(', ').map((model) => t(`modelShort.${model}`, model)) : []
      return t(`box.${code}`, models === undefined ? params : { ...params, models: named.join(', ') })
    },
    [t],
  )
  return useMemo(() => ({ kind, about, rows }), [kind, about, rows])
}

const isToCome = ({ state }: StepFigures): boolean => state !== undefined && state !== 'done'

/** What a step is called, with the source that it is about: its own title begins with the kind. */
export function useStepName(): (title: string) => string {
  const { t } = useTranslation('exchange.plans')
  return useCallback(
    (title) => {
      const [kind = '', ...source] = title.split(' ')
      return [t(`kind.${kind}`, kind), ...source].join(' ')
    },
    [t],
  )
}

/** Why rows or values went, by the word that the step counts them under. */
function useReason(): (reason: string) => string {
  const { t } = useTranslation('exchange.plans')
  return (reason) => {
    const pass = /^joined_by_pass_(\d+)$/.exec(reason)?.[1]
    if (pass !== undefined) return t('reason.joined_by_pass', { pass })
    const other = reason.startsWith('not_') ? t('reason.not_kind', { kind: reason.slice(4).replaceAll('_', ' ') }) : reason.replaceAll('_', ' ')
    return t(`reason.${reason}`, other)
  }
}

/** What each step leaves of the rows, with what it took and why. The numbers stand beside the bars. */
export function Waterfall({ steps, floor }: { readonly steps: readonly StepFigures[]; readonly floor: number }) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const rows = useRows()
  const nameOf = useStepName()
  const why = useReason()
  const most = Math.max(1, ...steps.map(({ rows_in, rows_out }) => Math.max(rows_in ?? 0, rows_out ?? 0)))
  // Where people are linked several rows become one of each person: none of them is lost.
  const lost = ({ kind: of, rows_in, rows_out }: StepFigures) =>
    of === 'link' ? 0 : rows_in === null || rows_out === null ? null : Math.max(0, rows_in - rows_out)
  // What has not been done yet is not about too few.
  const figure = (step: StepFigures, value: number | null) => (value !== null ? format.number(value) : isToCome(step) ? '–' : t('figures.few'))
  return (
    <Stack gap="xs">
      <WideTable label={t('figures.waterfall')} minWidth={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('figures.step')}</Table.Th>
            <Table.Th scope="col">{t('figures.kept')}</Table.Th>
            <Table.Th scope="col" ta="end">
              {t('figures.out')}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {t('figures.lost')}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {t('figures.cells')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.map((step) => {
            const gone = lost(step)
            const kept = ((step.rows_out ?? 0) / most) * 100
            return (
              <Table.Tr key={step.id}>
                <Table.Th scope="row">
                  {nameOf(step.title)}
                  {Object.entries(step.reasons).map(([reason, count]) => (
                    <Text key={reason} size="sm" c="dimmed">
                      {t('figures.reason', { reason: why(reason), rows: rows(count) })}
                    </Text>
                  ))}
                </Table.Th>
                <Table.Td miw={120}>
                  <span className="bar" aria-hidden>
                    <span style={{ inlineSize: `${kept}%` }} />
                    <span data-lost style={{ inlineSize: `${((gone ?? 0) / most) * 100}%` }} />
                  </span>
                </Table.Td>
                <Table.Td ta="end">{figure(step, step.rows_out)}</Table.Td>
                <Table.Td ta="end">{figure(step, isToCome(step) ? null : gone)}</Table.Td>
                <Table.Td ta="end">{step.cells_changed === undefined ? '–' : figure(step, step.cells_changed)}</Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </WideTable>
      <Text size="sm" c="dimmed">
        {t('figures.control', { floor: format.number(floor) })}
      </Text>
    </Stack>
  )
}

interface ColumnFigures {
  readonly name: string
  readonly prepared: number | null
  readonly changed: number | null
  readonly suppressed: number | null
  readonly loss: number | null
}

/** What becomes of each column between its source and the result. The numbers stand beside the bars. */
function ColumnLosses({ columns }: { readonly columns: readonly ColumnFigures[] }) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const figure = (count: number | null) => (count === null ? t('figures.few') : format.number(count))
  return (
    <WideTable label={t('columns.title')} minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('columns.name')}</Table.Th>
          {(['prepared', 'changed', 'suppressed'] as const).map((name) => (
            <Table.Th key={name} scope="col" ta="end">
              {t(`columns.${name}`)}
            </Table.Th>
          ))}
          <Table.Th scope="col">{t('columns.loss')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {columns.map(({ name, prepared, changed, suppressed, loss }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">
              <code>{name}</code>
            </Table.Th>
            <Table.Td ta="end">{figure(prepared)}</Table.Td>
            <Table.Td ta="end">{figure(changed)}</Table.Td>
            <Table.Td ta="end">{figure(suppressed)}</Table.Td>
            <Table.Td miw={110}>
              {loss === null ? '–' : format.percent(loss)}
              <span className="bar" aria-hidden>
                <span data-lost style={{ inlineSize: `${(loss ?? 0) * 100}%` }} />
              </span>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

export interface RiskFigures {
  readonly rows: number | null
  readonly prosecutor_highest: number
  readonly prosecutor_average: number
  readonly rows_at_risk: number
}

interface RiskProps {
  readonly before: RiskFigures | null
  readonly after: RiskFigures | null
  readonly loss: number | null
}

/** How easily somebody could be found in the table, before the treatment and after it, and what that cost. */
export function RiskBeforeAfter({ before, after, loss }: RiskProps) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  if (before === null && after === null) return <Text c="dimmed">{t('risk.none')}</Text>
  const measures = ['prosecutor_highest', 'prosecutor_average', 'rows_at_risk'] as const
  const share = (value: number | undefined) => (value === undefined ? '–' : format.percent(value))
  return (
    <Stack gap="xs">
      <WideTable label={t('risk.title')} minWidth={420}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('risk.measure')}</Table.Th>
            <Table.Th scope="col">{t('risk.before')}</Table.Th>
            <Table.Th scope="col">{t('risk.after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {measures.map((measure) => (
            <Table.Tr key={measure}>
              <Table.Th scope="row">{t(`risk.${measure}`)}</Table.Th>
              {[before, after].map((side, at) => (
                <Table.Td key={at === 0 ? 'before' : 'after'} miw={110}>
                  {share(side?.[measure])}
                  <span className="bar" aria-hidden>
                    <span data-risk style={{ inlineSize: `${(side?.[measure] ?? 0) * 100}%` }} />
                  </span>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {loss === null ? null : <Text>{t('risk.loss', { loss: format.percent(loss) })}</Text>}
    </Stack>
  )
}

interface DryRunShown {
  readonly outcome: 'would_be_held' | 'would_be_released' | 'would_be_refused' | 'depends_on_nodes'
  readonly reason: string | null
  readonly sampled: boolean
  readonly floor: number
  /** Whose part nobody can try. */
  readonly nodes: readonly string[]
  readonly steps: readonly StepFigures[]
  readonly rows: number | null
  readonly risk_before: RiskFigures | null
  readonly risk_after: RiskFigures | null
  readonly loss: number | null
  readonly columns: readonly ColumnFigures[]
}

const tones = { would_be_released: 'permit', would_be_held: 'info', would_be_refused: 'deny', depends_on_nodes: 'attention' } as const

/** What a run would come to, without keeping anything of it. */
export function DryRunReport({ found }: { readonly found: DryRunShown }) {
  const { t } = useTranslation('exchange.plans')
  const rows = useRows()
  return (
    <Stack gap="md" component="section" aria-labelledby="dry-run">
      <Group gap="sm">
        <Title order={2} id="dry-run">
          {t('dryRun.title')}
        </Title>
        <StateChip tone={tones[found.outcome]}>{t(`dryRun.${found.outcome}`)}</StateChip>
      </Group>
      <Text>{found.nodes.length > 0 ? t('dryRun.nodes', { nodes: found.nodes.join(', ') }) : t('dryRun.rows', { rows: rows(found.rows) })}</Text>
      {found.reason === null ? null : <Why reason={found.reason} said={null} />}
      {found.sampled ? <Text c="dimmed">{t('dryRun.sampled')}</Text> : null}
      <Waterfall steps={found.steps} floor={found.floor} />
      {found.columns.length === 0 ? null : (
        <>
          <Title order={3}>{t('columns.title')}</Title>
          <Text c="dimmed">{t('columns.about')}</Text>
          <ColumnLosses columns={found.columns} />
        </>
      )}
      {found.nodes.length > 0 ? null : (
        <>
          <Title order={3}>{t('risk.title')}</Title>
          <RiskBeforeAfter before={found.risk_before} after={found.risk_after} loss={found.loss} />
        </>
      )}
    </Stack>
  )
}
