import { Alert, Button, Group, NativeSelect, Stack, Table, Text, Title } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Chart } from '../../../ui/chart/chart.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { ErrorState, ProblemAlert } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { type Draft, type Replay, replayQuery, startReplay } from './queries.ts'
import { daysBetween } from './replay-days.ts'
import { useAbout } from './use-speech.ts'

const spans = ['7', '30', '90', '365'] as const
const dayMs = 86_400_000

/** What a rule would have said of the past, before anybody is disturbed by it. */
export function ReplaySection({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation('insight.alerts')
  const [days, setDays] = useState<string>('30')
  const starting = useMutation({ mutationFn: () => startReplay(draft, new Date(Date.now() - Number(days) * dayMs).toISOString()) })
  return (
    <Stack component="section" gap="sm" aria-labelledby="replay">
      <Title order={2} id="replay">
        {t('replay.title')}
      </Title>
      <Text c="dimmed">{t('replay.about')}</Text>
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label={t('replay.since')}
          w={180}
          value={days}
          data={spans.map((value) => ({ value, label: t('replay.days', { count: Number(value) }) }))}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={starting.isPending} onClick={() => starting.mutate()}>
          {t('replay.start')}
        </Button>
      </Group>
      <ProblemAlert error={starting.error} />
      {starting.data === undefined ? null : <Running key={starting.data.id} replay={starting.data} />}
    </Stack>
  )
}

function Running({ replay: begun }: { readonly replay: Replay }) {
  const { t } = useTranslation('insight.alerts')
  const query = useQuery({ ...replayQuery(begun.id), initialData: begun, initialDataUpdatedAt: 0 })
  const { data: replay } = query
  if (query.error !== null) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (replay.result === null) {
    return <Progress label={t('replay.running')} done={replay.progress.read} of={replay.progress.total ?? undefined} now={t(`replay.state.${replay.state}`)} />
  }
  return <Result replay={replay} result={replay.result} />
}

function Result({ replay, result }: { readonly replay: Replay; readonly result: NonNullable<Replay['result']> }) {
  const { t } = useTranslation('insight.alerts')
  const format = useFormat()
  const about = useAbout()
  const days = daysBetween(replay.since, replay.until)
  const byDay = new Map(result.days.map(({ day, alerts }) => [day, alerts]))
  const found = { count: result.alerts, number: format.number(result.alerts), perWeek: format.number(Math.round(result.per_week * 10) / 10) }
  const title = result.alerts === 0 ? t('replay.none') : t('replay.found', found)
  return (
    <Stack gap="md" role="status">
      {result.capped ? <Alert>{t('replay.capped', { until: format.exact(result.read_until) })}</Alert> : null}
      <Chart
        title={title}
        unit={t('replay.unit')}
        height={200}
        note={t('replay.note', { count: result.repeats, number: format.number(result.repeats) })}
        data={{
          kind: 'bar',
          xLabel: t('replay.day'),
          x: days.map((day) => format.day(`${day}T12:00:00Z`)),
          series: [{ name: t('title'), values: days.map((day) => byDay.get(day) ?? 0) }],
        }}
      />
      {result.examples.length === 0 ? null : (
        <WideTable label={t('replay.examples')} minWidth={420}>
          <Table.Caption style={{ captionSide: 'top', textAlign: 'start', color: 'inherit', fontWeight: 600 }}>{t('replay.examples')}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('at')}</Table.Th>
              <Table.Th scope="col">{t('aboutLabel')}</Table.Th>
              <Table.Th scope="col">{t('replay.observed')}</Table.Th>
              <Table.Th scope="col">{t('behind.entry')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.examples.map((example) => (
              <Table.Tr key={`${example.entry} ${example.about.id}`}>
                <Table.Td>
                  <Moment at={example.at} />
                </Table.Td>
                <Table.Td>{about(example.about)}</Table.Td>
                <Table.Td>{format.number(example.observed)}</Table.Td>
                <Table.Td>
                  <ShortId id={example.entry} kind="entry" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Stack>
  )
}
