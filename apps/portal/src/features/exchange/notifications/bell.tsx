import { ActionIcon, Indicator } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { lookMs, notificationNews, notificationsKey, unreadQuery } from './queries.ts'

/** On top of every page: how much of the own inbox is unread. Whoever follows no ledger looks every half minute. */
export function Bell() {
  const { t } = useTranslation()
  const can = useCan()
  const has = can('read', 'notification')
  useLive(notificationNews, notificationsKey)
  const { data: unread = 0 } = useQuery({ ...unreadQuery, enabled: has, ...(can('read', 'ledger_entry') ? {} : { refetchInterval: lookMs }) })
  if (!has) return null
  return (
    <Indicator label={unread > 99 ? '99+' : unread} size={16} disabled={unread === 0} offset={5} aria-hidden={false}>
      <ActionIcon component={Link} to="/me/inbox" variant="subtle" color="gray" size="lg" aria-label={t('inbox', { count: unread })}>
        <IconBell size={20} aria-hidden />
      </ActionIcon>
    </Indicator>
  )
}
