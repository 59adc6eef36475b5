import { Group, Text } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../../api.ts'
import { useLive } from '../../../live.ts'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { webhooksKey } from '../../exchange/webhooks/queries.ts'
import { WebhookState } from '../../exchange/webhooks/state.tsx'
import { Card } from './card.tsx'
import { LinkTo } from './link-to.tsx'

const shownMax = 5
const allWebhooks = queryOptions({
  queryKey: [...webhooksKey, 'home'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/webhooks', { params: { query: { limit: 500 } }, signal }))).data,
})
/** What needs somebody stands first. */
const urgency = { parked: 0, paused: 1, active: 2 } as const

/** Webhooks, those that are no longer served first. */
export function WebhooksCard() {
  const { t } = useTranslation('home.cards')
  useLive(['webhooks.*'], webhooksKey)
  const query = useQuery(allWebhooks)
  return (
    <QueryView query={query}>
      {(webhooks) => {
        const parked = webhooks.filter(({ state }) => state === 'parked').length
        const says =
          webhooks.length === 0 ? t('webhooks.none') : parked > 0 ? t('webhooks.parked', { count: parked }) : t('webhooks.fine', { count: webhooks.length })
        return (
          <Card title={t('webhooks.title')} says={says} to="/exchange/webhooks">
            {webhooks.length === 0 ? null : (
              <ul className="home-list">
                {[...webhooks]
                  .sort((left, right) => urgency[left.state] - urgency[right.state])
                  .slice(0, shownMax)
                  .map(({ id, url, state, last_delivered_at }) => (
                    <li key={id}>
                      <Group gap="xs">
                        <Text span style={{ overflowWrap: 'anywhere' }}>
                          <LinkTo kind="webhook" id={id}>
                            {url}
                          </LinkTo>
                        </Text>
                        <WebhookState state={state} />
                        <Text span size="sm" c="dimmed">
                          {last_delivered_at === null ? t('webhooks.never') : <Moment at={last_delivered_at} />}
                        </Text>
                      </Group>
                    </li>
                  ))}
              </ul>
            )}
          </Card>
        )
      }}
    </QueryView>
  )
}
