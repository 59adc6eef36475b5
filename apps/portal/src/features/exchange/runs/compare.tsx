import { Group, Select, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Page } from '../../../ui/page.tsx'
import { WithProject } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import { WideTable } from '../../../ui/wide-table.tsx'
import { RiskBeforeAfter, useStepName } from '../plans/figures.tsx'
import { type Compared, comparedQuery, recentRuns } from './queries.ts'
import { RunState } from './state.tsx'

/** A part of a plan is one long word, and both of a pair are to be seen. */
const anywhere = { overflowWrap: 'anywhere' } as const

/** Two runs side by side. */
export function CompareRuns() {
  const { t } = useTranslation('exchange.runs')
  return (
    <Page title={t('compare.title')} about={t('compare.about')}>
      <WithProject>{(project) => <Choosing key={project.id} project={project.id} />}</WithProject>
    </Page>
  )
}

function Choosing({ project }: { readonly project: string }) {
  const { t } = useTranslation('exchange.runs')
  const format = useFormat()
  const [{ left, right }, change] = useAddressValues()
  const runs = useQuery(recentRuns(project))
  return (
    <QueryView query={runs}>
      {(all) => {
        if (all.length < 2) return <EmptyState title={t('compare.tooFew')} about={t('compare.tooFewAbout')} />
        const one = left ?? all[1]?.id ?? ''
        const other = right ?? all[0]?.id ?? ''
        const options = all.map(({ id, title, version, asked_at }) => ({
          value: id,
          label: `${t('planVersion', { title, version })} – ${format.exact(asked_at)}`,
        }))
        return (
          <Stack gap="lg">
            <Group grow>
              <Select label={t('compare.left')} data={options} value={one} allowDeselect={false} onChange={(value) => change({ left: value ?? undefined })} />
              <Select
                label={t('compare.right')}
                data={options}
                value={other}
                allowDeselect={false}
                onChange={(value) => change({ right: value ?? undefined })}
              />
            </Group>
            <Sides project={project} left={one} right={other} />
          </Stack>
        )
      }}
    </QueryView>
  )
}

function Sides({ project, left, right }: { readonly project: string; readonly left: string; readonly right: string }) {
  return <QueryView query={useQuery(comparedQuery(project, left, right))}>{(compared) => <Shown compared={compared} />}</QueryView>
}

type Figures = Compared['steps'][number]['left']

function Shown({ compared: { left, right, same_plan, changes, steps, columns } }: { readonly compared: Compared }) {
  const nameOf = useStepName()
  const { t } = useTranslation('exchange.runs')
  const format = useFormat()
  const number = (value: number | null | undefined) => (value === null || value === undefined ? '–' : format.number(value))
  const difference = (one: Figures, other: Figures) => {
    const [from, to] = [one?.rows_out ?? null, other?.rows_out ?? null]
    return from === null || to === null ? '–' : `${to >= from ? '+' : '−'}${format.number(Math.abs(to - from))}`
  }
  return (
    <Stack gap="xl">
      <Group>
        <RunState state={left.state} /> <span aria-hidden>→</span> <RunState state={right.state} />
      </Group>
      <Section id="plans" title={t(same_plan ? 'compare.samePlan' : 'compare.otherPlan')}>
        {changes.length === 0 ? <Text>{t('compare.noChanges')}</Text> : null}
        {changes.length === 0 ? null : (
          <WideTable label={t('compare.changes')} minWidth={560}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('compare.place')}</Table.Th>
                <Table.Th scope="col">{t('compare.left')}</Table.Th>
                <Table.Th scope="col">{t('compare.right')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes.map(({ pointer, before, after }) => (
                <Table.Tr key={pointer}>
                  <Table.Th scope="row">
                    <code>{pointer}</code>
                  </Table.Th>
                  <Table.Td style={anywhere}>{before === undefined ? '–' : <code>{JSON.stringify(before)}</code>}</Table.Td>
                  <Table.Td style={anywhere}>{after === undefined ? '–' : <code>{JSON.stringify(after)}</code>}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </WideTable>
        )}
      </Section>
      <Section id="rows" title={t('compare.rows')}>
        <WideTable label={t('compare.rows')} minWidth={480}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('steps.step')}</Table.Th>
              <Table.Th scope="col" ta="end">
                {t('compare.left')}
              </Table.Th>
              <Table.Th scope="col" ta="end">
                {t('compare.right')}
              </Table.Th>
              <Table.Th scope="col" ta="end">
                {t('compare.difference')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {steps.map((step) => (
              <Table.Tr key={step.id}>
                <Table.Th scope="row">{nameOf(step.title)}</Table.Th>
                <Table.Td ta="end">{number(step.left?.rows_out)}</Table.Td>
                <Table.Td ta="end">{number(step.right?.rows_out)}</Table.Td>
                <Table.Td ta="end">{difference(step.left, step.right)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      </Section>
      <Section id="risks" title={t('compare.risk')}>
        <Group align="flex-start" grow preventGrowOverflow={false}>
          {[left, right].map((run, at) => (
            <Stack key={at === 0 ? 'left' : 'right'} gap="xs">
              <Text fw={600}>{t(at === 0 ? 'compare.left' : 'compare.right')}</Text>
              <RiskBeforeAfter before={run.risk_before} after={run.risk_after} loss={run.loss} />
            </Stack>
          ))}
        </Group>
      </Section>
      {columns.left_only.length + columns.right_only.length === 0 ? null : (
        <Section id="columns" title={t('compare.columns')}>
          <Text>{t('compare.leftOnly', { columns: format.list(columns.left_only) })}</Text>
          <Text>{t('compare.rightOnly', { columns: format.list(columns.right_only) })}</Text>
        </Section>
      )}
    </Stack>
  )
}
