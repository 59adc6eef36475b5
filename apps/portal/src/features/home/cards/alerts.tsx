import { Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { alertSummary } from './alert-summary.ts'
import { Card, Figures } from './card.tsx'
import { LinkTo } from './link-to.tsx'

const newestAlerts = queryOptions({
  queryKey: ['alerts', 'newest'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/alerts', { params: { query: { state: 'raised', limit: 5 } }, signal }))).data,
})

/** How many alerts nobody has looked at, and the newest. */
export function AlertsCard() {
  const { t } = useTranslation('home.cards')
  const format = useFormat()
  useLive(['monitoring.*'], ['alerts'])
  const query = useQuery(alertSummary)
  const newest = useQuery(newestAlerts).data ?? []
  return (
    <QueryView query={query}>
      {(summary) => {
        const now = summary.page_now.raised
        const open = now + summary.next_working_day.raised + summary.on_trial.raised
        const says = now > 0 ? t('alerts.now', { count: now }) : open > 0 ? t('alerts.open', { count: open }) : t('alerts.none')
        return (
          <Card title={t('alerts.title')} says={says} to="/insight/alerts">
            {open === 0 ? null : (
              <>
                <Figures
                  figures={(['page_now', 'next_working_day', 'on_trial'] as const).map((channel) => ({
                    label: t(`alerts.channel.${channel}`),
                    value: format.number(summary[channel].raised),
                  }))}
                />
                <ul className="home-list">
                  {newest.map(({ id, rule_name, last_at }) => (
                    <li key={id}>
                      <LinkTo kind="alert" id={id}>
                        {rule_name}
                      </LinkTo>{' '}
                      <Text span size="sm" c="dimmed">
                        <Moment at={last_at} />
                      </Text>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </Card>
        )
      }}
    </QueryView>
  )
}
