import { Button } from '@mantine/core'
import { IconMail, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { kinds } from './kinds.ts'
import { channels, type Rule, rulesKey, rulesQuery } from './queries.ts'
import { ChannelChip } from './state.tsx'

export function RuleList() {
  const { t } = useTranslation('insight.alerts')
  const can = useCan()
  const pathTo = useObjectPath()
  const columns = useColumns()
  const query = useQuery(rulesQuery)
  useLive(['monitoring.*'], rulesKey)
  const filters = useMemo(
    (): ListFilter[] => [
      { kind: 'choice', name: 'channel', label: t('channelLabel'), options: channels.map((value) => ({ value, label: t(`channel.${value}`) })) },
      { kind: 'choice', name: 'kind', label: t('kindLabel'), options: kinds.map((value) => ({ value, label: t(`kind.${value}`) })) },
    ],
    [t],
  )
  return (
    <Page
      title={t('rules.title')}
      about={t('rules.about')}
      actions={
        <>
          <Button variant="default" leftSection={<IconMail size={16} aria-hidden />} renderRoot={(props) => <Link {...props} to="/insight/alert-settings" />}>
            {t('settings.title')}
          </Button>
          {can('create', 'alert_rule') ? (
            <Button leftSection={<IconPlus size={16} aria-hidden />} renderRoot={(props) => <Link {...props} to="/insight/alert-rules/new" />}>
              {t('rules.new')}
            </Button>
          ) : null}
        </>
      }
    >
      <QueryView query={query}>
        {(rules) => (
          <RecordList
            name="alert-rules"
            label={t('rules.title')}
            columns={columns}
            filters={filters}
            rows={rules}
            rowId={({ id }) => id}
            open={({ id }) => pathTo('alert_rule', id)}
            empty={<EmptyState title={t('rules.empty.title')} about={t('rules.empty.about')} />}
          />
        )}
      </QueryView>
    </Page>
  )
}

function useColumns(): ListColumn<Rule>[] {
  const { t } = useTranslation('insight.alerts')
  const format = useFormat()
  return useMemo(() => {
    const share = (value: number | null) => (value === null ? '–' : format.percent(value))
    return [
      { name: 'name', label: t('rule'), value: ({ name }) => name, width: 280, phone: true },
      {
        name: 'channel',
        label: t('channelLabel'),
        value: ({ channel }) => channel,
        cell: ({ channel }) => <ChannelChip channel={channel} />,
        width: 180,
        phone: true,
      },
      { name: 'kind', label: t('kindLabel'), value: ({ condition }) => condition.kind, cell: ({ condition }) => t(`kind.${condition.kind}`), width: 170 },
      { name: 'per_week', label: t('noise.perWeek'), value: ({ noise }) => Math.round(noise.per_week * 10) / 10, numeric: true, width: 150 },
      {
        name: 'useful',
        label: t('noise.useful'),
        value: ({ noise }) => noise.useful_share,
        cell: ({ noise }) => share(noise.useful_share),
        numeric: true,
        width: 90,
      },
      {
        name: 'noise',
        label: t('noise.noise'),
        value: ({ noise }) => noise.noise_share,
        cell: ({ noise }) => share(noise.noise_share),
        numeric: true,
        width: 80,
      },
      {
        name: 'median',
        label: t('noise.median'),
        value: ({ noise }) => noise.median_seconds_to_acknowledge,
        cell: ({ noise }) => (noise.median_seconds_to_acknowledge === null ? '–' : format.duration(noise.median_seconds_to_acknowledge * 1_000)),
        numeric: true,
        width: 190,
      },
    ]
  }, [t, format])
}
