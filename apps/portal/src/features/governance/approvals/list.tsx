import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useSession } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { approvalNews, approvalsKey, type Waiting, waitingQuery } from './queries.ts'
import { isMyTurn } from './turn.ts'
import { useAskedWords } from './words.ts'

/** What waits for a second person, the most urgent first. */
export function ApprovalList() {
  const { t } = useTranslation('governance.approvals')
  const session = useSession()
  const pathTo = useObjectPath()
  const wordsOf = useAskedWords()
  useLive(approvalNews, approvalsKey)
  const query = useQuery(waitingQuery)
  const columns = useMemo(
    (): ListColumn<Waiting>[] => [
      {
        name: 'asked',
        label: t('asked'),
        value: wordsOf,
        width: 380,
        phone: true,
      },
      {
        name: 'turn',
        label: t('turn'),
        value: (row) => (isMyTurn(row, session) ? t('yours') : t('others')),
        cell: (row) => <StateChip tone={isMyTurn(row, session) ? 'attention' : 'neutral'}>{isMyTurn(row, session) ? t('yours') : t('others')}</StateChip>,
        width: 200,
      },
      {
        name: 'expires_at',
        label: t('due'),
        value: (row) => row.expires_at,
        cell: (row) => <Moment at={row.expires_at} focusable={false} />,
        width: 140,
        phone: true,
      },
      { name: 'created_at', label: t('askedAt'), value: (row) => row.created_at, cell: (row) => <Moment at={row.created_at} focusable={false} />, width: 140 },
      {
        name: 'author',
        label: t('author'),
        value: (row) => row.author,
        cell: (row) => (row.author === session.user?.id ? t('you') : <code>{shortened(row.author)}</code>),
        width: 130,
      },
    ],
    [t, session, wordsOf],
  )
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={query}>
        {(rows) => (
          <RecordList
            name="approvals"
            label={t('title')}
            columns={columns}
            rows={rows}
            rowId={(row) => row.id}
            open={(row) => pathTo('approval', row.id)}
            empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
          />
        )}
      </QueryView>
    </Page>
  )
}
