import { Anchor, Button, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Who } from '../../../ui/who.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { addSchedule, removeSchedule, schedulesQuery } from './queries.ts'

interface SchedulesProps {
  readonly plan: { readonly id: string; readonly project: string; readonly latest: { readonly version: number; readonly runnable: boolean } }
}

const common = { daily: '0 5 * * *', weekly: '0 5 * * 1', monthly: '0 5 1 * *' } as const

/** When the plan runs by itself. */
export function Schedules({ plan }: SchedulesProps) {
  const { t } = useTranslation('exchange.runs')
  const can = useCan()
  const mayChange = can('create', 'query_run')
  return (
    <QueryView query={useQuery(schedulesQuery(plan.project))}>
      {(all) => {
        const own = all.filter((schedule) => schedule.plan === plan.id)
        return (
          <Stack gap="md">
            <Text maw={720}>{t('schedule.about')}</Text>
            {own.length === 0 ? (
              <Text c="dimmed">{t('schedule.none')}</Text>
            ) : (
              <WideTable label={t('schedule.title')} minWidth={640}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('schedule.cron')}</Table.Th>
                    <Table.Th scope="col">{t('version')}</Table.Th>
                    <Table.Th scope="col">{t('schedule.next')}</Table.Th>
                    <Table.Th scope="col">{t('schedule.last')}</Table.Th>
                    <Table.Th scope="col">{t('askedBy')}</Table.Th>
                    <Table.Td />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {own.map((schedule) => (
                    <Table.Tr key={schedule.id}>
                      <Table.Th scope="row">
                        <code>{schedule.cron}</code>
                      </Table.Th>
                      <Table.Td>{schedule.version}</Table.Td>
                      <Table.Td>
                        <Moment at={schedule.next_at} />
                      </Table.Td>
                      <Table.Td>
                        {schedule.last_run === null ? (
                          '–'
                        ) : (
                          <Anchor component={Link} to={`/exchange/runs/${schedule.last_run}?project=${plan.project}`} underline="always">
                            {t('schedule.openLast')}
                          </Anchor>
                        )}
                      </Table.Td>
                      <Table.Td>
                        <Who id={schedule.made_by} />
                      </Table.Td>
                      <Table.Td ta="end">
                        {mayChange ? (
                          <ConfirmButton
                            label={t('schedule.remove.label')}
                            title={t('schedule.remove.title')}
                            consequence={t('schedule.remove.consequence')}
                            confirm={t('schedule.remove.label')}
                            act={() => removeSchedule(plan.project, schedule.id)}
                          />
                        ) : null}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </WideTable>
            )}
            {mayChange && plan.latest.runnable ? <Adding plan={plan} /> : null}
          </Stack>
        )
      }}
    </QueryView>
  )
}

function Adding({ plan }: SchedulesProps) {
  const { t } = useTranslation('exchange.runs')
  const [cron, setCron] = useState<string>(common.weekly)
  const adding = useMutation({ mutationFn: () => addSchedule(plan.project, { plan: plan.id, version: plan.latest.version, cron }) })
  const known = Object.entries(common).find(([, value]) => value === cron)?.[0] ?? 'other'
  return (
    <Stack gap="sm">
      <ProblemAlert error={adding.error} />
      <Group align="flex-end">
        <Select
          label={t('schedule.often')}
          data={['daily', 'weekly', 'monthly', 'other'].map((value) => ({ value, label: t(`schedule.how.${value}`) }))}
          value={known}
          allowDeselect={false}
          onChange={(value) => setCron(value !== null && value in common ? common[value as keyof typeof common] : '')}
        />
        <TextInput
          label={t('schedule.cron')}
          description={t('schedule.cronHint')}
          value={cron}
          maxLength={100}
          spellCheck={false}
          onChange={(event) => setCron(event.currentTarget.value)}
        />
        <Button variant="default" loading={adding.isPending} disabled={cron.trim() === ''} onClick={() => adding.mutate()}>
          {t('schedule.add')}
        </Button>
      </Group>
    </Stack>
  )
}
