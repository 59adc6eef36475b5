import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Alert, alertPages, channels, rulesQuery, states } from './queries.ts'
import { AlertState, ChannelChip } from './state.tsx'
import { useAbout } from './use-speech.ts'

export function AlertList() {
  const { t } = useTranslation('insight.alerts')
  const can = useCan()
  const pathTo = useObjectPath()
  const about = useAbout()
  const rules = useQuery({ ...rulesQuery, enabled: can('read', 'alert_rule') }).data
  const columns = useMemo(
    (): ListColumn<Alert>[] => [
      { name: 'state', label: t('stateLabel'), value: ({ state }) => state, cell: ({ state }) => <AlertState state={state} />, width: 160, phone: true },
      { name: 'rule', label: t('rule'), value: ({ rule_name }) => rule_name, width: 280, phone: true },
      { name: 'about', label: t('aboutLabel'), value: (row) => about(row.about), width: 200 },
      { name: 'channel', label: t('channelLabel'), value: ({ channel }) => channel, cell: ({ channel }) => <ChannelChip channel={channel} />, width: 180 },
      { name: 'count', label: t('count'), value: ({ count }) => count, numeric: true, width: 90 },
      { name: 'at', label: t('at'), value: ({ at }) => at, cell: ({ at }) => <Moment at={at} focusable={false} />, width: 140 },
      { name: 'last_at', label: t('lastAt'), value: ({ last_at }) => last_at, cell: ({ last_at }) => <Moment at={last_at} focusable={false} />, hidden: true },
      { name: 'verdict', label: t('verdictLabel'), value: ({ verdict }) => (verdict === null ? null : t(`verdict.${verdict}`)), width: 110 },
    ],
    [t, about],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      { kind: 'choice', name: 'state', label: t('stateLabel'), options: states.map((value) => ({ value, label: t(`state.${value}`) })) },
      { kind: 'choice', name: 'channel', label: t('channelLabel'), options: channels.map((value) => ({ value, label: t(`channel.${value}`) })) },
      { kind: 'choice', name: 'rule', label: t('rule'), options: (rules ?? []).map(({ id, name }) => ({ value: id, label: name })) },
      { kind: 'text', name: 'about', label: t('aboutId') },
      { kind: 'day', name: 'since', label: t('since') },
      { kind: 'day', name: 'until', label: t('until') },
    ],
    [t, rules],
  )
  return (
    <Page
      title={t('title')}
      about={t('aboutPage')}
      actions={
        can('read', 'alert_rule') ? (
          <Button variant="default" renderRoot={(props) => <Link {...props} to="/insight/alert-rules" />}>
            {t('rules.title')}
          </Button>
        ) : undefined
      }
    >
      <RecordList
        name="alerts"
        label={t('title')}
        columns={columns}
        filters={filters}
        pages={alertPages}
        live={['monitoring.*']}
        rowId={({ id }) => id}
        open={({ id }) => pathTo('alert', id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
      />
    </Page>
  )
}
