import { Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { HaltedLog } from '../../../ui/evidence/halted-log.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { judge } from './judge.ts'
import { type Health, healthKey, healthQuery } from './queries.ts'

export function HealthPage() {
  const { t } = useTranslation('administration.health')
  useLive(['*'], healthKey)
  const query = useQuery(healthQuery)
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} loading={query.isFetching} onClick={() => void query.refetch()}>
          {t('again')}
        </Button>
      }
    >
      <QueryView query={query}>{(health) => <Shown health={health} />}</QueryView>
    </Page>
  )
}

function Shown({ health }: { readonly health: Health }) {
  const { t } = useTranslation('administration.health')
  const format = useFormat()
  const { ledger, events, queues, dead_letters } = health
  const good = judge(health)
  return (
    <Stack gap="xl">
      <Text size="sm" c="dimmed">
        {t('seen')} <Moment at={health.at} />
      </Text>
      <Part
        id="log"
        title={t('log.title')}
        about={t('log.about')}
        good={good.log}
        words={t(ledger.halted === null ? (good.log ? 'log.good' : 'log.bad') : 'log.halted')}
      >
        {ledger.halted === null ? null : <HaltedLog reason={ledger.halted.reason} since={ledger.halted.since} />}
        <Facts
          facts={[
            { label: t('log.size'), value: format.number(ledger.size) },
            { label: t('log.checkpoint'), value: ledger.checkpoint_at === null ? null : <Moment at={ledger.checkpoint_at} /> },
            { label: t('log.waiting'), value: format.number(ledger.waiting) },
            { label: t('log.oldest'), value: ledger.oldest_waiting_at === null ? null : <Moment at={ledger.oldest_waiting_at} /> },
          ]}
        />
      </Part>
      <Part id="events" title={t('events.title')} about={t('events.about')} good={good.events} words={t(good.events ? 'events.good' : 'events.bad')}>
        {events.length === 0 ? (
          <Text c="dimmed">{t('events.none')}</Text>
        ) : (
          <Numbers
            label="events"
            head={[t('events.consumer'), t('events.waiting')]}
            rows={events.map(({ consumer, waiting }) => [<code key="name">{consumer}</code>, format.number(waiting)])}
          />
        )}
      </Part>
      <Part id="jobs" title={t('jobs.title')} about={t('jobs.about')} good={good.jobs} words={t(good.jobs ? 'jobs.good' : 'jobs.bad', { count: dead_letters })}>
        <Numbers
          label="jobs"
          head={[t('jobs.queue'), t('jobs.waiting'), t('jobs.active'), t('jobs.retrying'), t('jobs.failed'), t('jobs.oldest')]}
          rows={queues.map(({ queue, waiting, active, retrying, failed, oldest_waiting_at }) => [
            <code key="name">{queue}</code>,
            format.number(waiting),
            format.number(active),
            format.number(retrying),
            format.number(failed),
            oldest_waiting_at === null ? '–' : <Moment key="oldest" at={oldest_waiting_at} />,
          ])}
        />
        <Facts facts={[{ label: t('jobs.dead'), value: format.number(dead_letters) }]} />
      </Part>
      <Part id="backups" title={t('backups.title')} about={t('backups.about')} good={good.backups} words={t(good.backups ? 'backups.good' : 'backups.bad')} />
    </Stack>
  )
}

interface PartProps {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly good: boolean
  readonly words: string
  readonly children?: ReactNode
}

function Part({ id, title, about, good, words, children }: PartProps) {
  return (
    <Stack component="section" gap="sm" aria-labelledby={id}>
      <Group gap="sm">
        <Title order={2} id={id}>
          {title}
        </Title>
        <StateChip tone={good ? 'permit' : 'attention'}>{words}</StateChip>
      </Group>
      <Text c="dimmed" maw={720}>
        {about}
      </Text>
      {children}
    </Stack>
  )
}

/** A row per thing; the first cell names it. */
function Numbers({ label, head, rows }: { readonly label: string; readonly head: readonly string[]; readonly rows: readonly (readonly ReactNode[])[] }) {
  return (
    <Table.ScrollContainer minWidth={head.length > 3 ? 560 : 280} type="native" tabIndex={0} role="group" aria-labelledby={label}>
      <Table aria-labelledby={label}>
        <Table.Thead>
          <Table.Tr>
            {head.map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows have the node's own order
            <Table.Tr key={row}>
              {cells.map((cell, at) =>
                at === 0 ? (
                  <Table.Th key={head[at]} scope="row">
                    {cell}
                  </Table.Th>
                ) : (
                  <Table.Td key={head[at]}>{cell}</Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
