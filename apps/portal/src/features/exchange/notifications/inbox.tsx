import { Button } from '@mantine/core'
import { IconChecks, IconSettings } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { inboxPages, markAllRead, type Notification, notificationNews, placeOf, unreadQuery } from './queries.ts'

/** What concerns whoever is inside, the newest first. */
export function InboxPage() {
  const { t } = useTranslation('exchange.notifications')
  const { data: unread = 0 } = useQuery(unreadQuery)
  const marking = useMutation({ mutationFn: markAllRead })
  const columns = useMemo(
    (): ListColumn<Notification>[] => [
      { name: 'kind', label: t('what'), value: (row) => t(`kind.${row.kind}.says`), width: 460, phone: true },
      {
        name: 'read_at',
        label: t('read'),
        value: (row) => t(row.read_at === null ? 'unread' : 'seen'),
        cell: (row) => <StateChip tone={row.read_at === null ? 'attention' : 'neutral'}>{t(row.read_at === null ? 'unread' : 'seen')}</StateChip>,
        width: 130,
      },
      {
        name: 'created_at',
        label: t('when'),
        value: (row) => row.created_at,
        cell: (row) => <Moment at={row.created_at} focusable={false} />,
        width: 150,
        phone: true,
      },
    ],
    [t],
  )
  const filters = useMemo((): ListFilter[] => [{ kind: 'choice', name: 'show', label: t('show'), options: [{ value: 'unread', label: t('unread') }] }], [t])
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          <Button component={Link} to="/me/inbox/preferences" variant="default" leftSection={<IconSettings size={16} aria-hidden />}>
            {t('preferences.open')}
          </Button>
          {unread === 0 ? null : (
            <Button variant="default" leftSection={<IconChecks size={16} aria-hidden />} loading={marking.isPending} onClick={() => marking.mutate()}>
              {t('markAll')}
            </Button>
          )}
        </>
      }
    >
      <ProblemAlert error={marking.error} />
      <RecordList
        name="inbox"
        label={t('title')}
        columns={columns}
        filters={filters}
        pages={inboxPages}
        live={notificationNews}
        rowId={(row) => row.id}
        open={placeOf}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
      />
    </Page>
  )
}
