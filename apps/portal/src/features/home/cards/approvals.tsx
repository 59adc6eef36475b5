import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useSession } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { approvalNews, approvalsKey, type Waiting, waitingQuery } from '../../governance/approvals/queries.ts'
import { Card } from './card.tsx'
import { LinkTo } from './link-to.tsx'

const shownMax = 5

/** What waits for a second person: for oneself first. */
export function ApprovalsCard() {
  const { t } = useTranslation('home.cards')
  const { user } = useSession()
  const query = useQuery(waitingQuery)
  useLive([...approvalNews], approvalsKey)
  return (
    <QueryView query={query}>
      {(waiting) => {
        const mine = waiting.filter(({ voters }) => user === null || !voters.includes(user.id))
        const says =
          mine.length > 0
            ? t('approvals.mine', { count: mine.length })
            : waiting.length > 0
              ? t('approvals.others', { count: waiting.length })
              : t('approvals.none')
        return (
          <Card title={t('approvals.title')} says={says} to="/governance/approvals">
            {waiting.length === 0 ? null : (
              <ul className="home-list">
                {[...mine, ...waiting.filter((one) => !mine.includes(one))].slice(0, shownMax).map((one) => (
                  <li key={one.id}>
                    <Row waiting={one} />
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

function Row({ waiting: { id, operation, asked, expires_at } }: { readonly waiting: Waiting }) {
  const { t } = useTranslation('home.cards')
  const what = t(`entry.${operation.replaceAll('.', '-')}`, operation)
  return (
    <>
      <LinkTo kind="approval" id={id}>
        {asked === undefined ? what : t('approvals.publish', { title: asked.policy.title, version: asked.version })}
      </LinkTo>
      <Text size="sm" c="dimmed">
        {t('approvals.ends')} <Moment at={expires_at} />
      </Text>
    </>
  )
}
