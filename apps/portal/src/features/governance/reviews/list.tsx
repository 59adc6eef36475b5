import { Alert, Button, Group, List, SegmentedControl, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAdjustments, IconFilePlus, IconUserShare, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { isOpenTo } from '../../../rights.ts'
import { useCan, useSession } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { approvalNews, approvalsKey, waitingQuery } from '../approvals/queries.ts'
import { isMyTurn } from '../approvals/turn.ts'
import { useAskedWords } from '../approvals/words.ts'
import { Delegations, HandOver } from './delegations.tsx'
import { Emergencies } from './emergencies.tsx'
import { type ReviewItem, reviewNews, reviewPages, type Show } from './queries.ts'
import { ReviewState, reviewStates } from './state.tsx'
import { Submit } from './submission.tsx'

/** The review desk: what waits for whoever looks, by deadline. */
export function ReviewDesk() {
  const { t } = useTranslation('governance.reviews')
  const session = useSession()
  const navigate = useNavigate()
  const pathTo = useObjectPath()
  const [handing, { open, close }] = useDisclosure()
  const [putting, submitting] = useDisclosure()
  const seesAll = isOpenTo(session, { action: 'read', on: 'review', everybodys: true })
  const { show: asked } = useSearch({ strict: false }) as { show?: string }
  const show: Show = asked === 'mine' || (asked === 'all' && seesAll) ? asked : 'waiting'
  const columns = useMemo(
    (): ListColumn<ReviewItem>[] => [
      {
        name: 'kind',
        label: t('what'),
        value: (row) => t(`kind.${row.kind}`),
        cell: (row) => (
          <>
            {t(`kind.${row.kind}`)} <code>{shortened(row.object)}</code>
          </>
        ),
        width: 250,
        phone: true,
      },
      {
        name: 'waits_for',
        label: t('waits'),
        value: (row) => t(`waitsFor.${row.waits_for ?? 'nobody'}`),
        cell: (row) => <StateChip tone={row.waits_for === null ? 'neutral' : 'attention'}>{t(`waitsFor.${row.waits_for ?? 'nobody'}`)}</StateChip>,
        width: 220,
      },
      { name: 'state', label: t('stateLabel'), value: (row) => t(`state.${row.state}`), cell: (row) => <ReviewState state={row.state} />, width: 190 },
      { name: 'votes', label: t('votes.title'), value: votesOf, width: 100 },
      {
        name: 'deadline',
        label: t('deadline'),
        value: (row) => row.deadline,
        cell: (row) => <Moment at={row.deadline} focusable={false} />,
        width: 140,
        phone: true,
      },
      {
        name: 'author',
        label: t('author'),
        value: (row) => row.author,
        cell: (row) => (row.author === session.user?.id ? t('you') : <code>{shortened(row.author)}</code>),
        width: 130,
      },
    ],
    [t, session],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      { kind: 'choice', name: 'state', label: t('stateFilter'), options: Object.keys(reviewStates).map((value) => ({ value, label: t(`state.${value}`) })) },
      { kind: 'choice', name: 'kind', label: t('kindLabel'), options: kinds.map((value) => ({ value, label: t(`kind.${value}`) })) },
    ],
    [t],
  )
  const pages = useMemo(() => reviewPages(show), [show])
  const choose = (value: string) => void navigate({ to: '.', search: (value === 'waiting' ? {} : { show: value }) as never, replace: true })
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          {isOpenTo(session, { action: 'read', on: 'review_rule' }) ? (
            <Button component={Link} to="/governance/reviews/rules" variant="default" leftSection={<IconAdjustments size={16} aria-hidden />}>
              {t('rules.open')}
            </Button>
          ) : null}
          <Button variant="default" leftSection={<IconUserShare size={16} aria-hidden />} onClick={open}>
            {t('handOver.open')}
          </Button>
          {isOpenTo(session, { action: 'create', on: 'submission' }) ? (
            <Button leftSection={<IconFilePlus size={16} aria-hidden />} onClick={submitting.open}>
              {t('submit.open')}
            </Button>
          ) : null}
        </>
      }
    >
      <Stack gap="md">
        <Emergencies />
        <Acts />
        <Delegations />
        <Group>
          <SegmentedControl
            aria-label={t('show.label')}
            value={show}
            onChange={choose}
            data={[
              { value: 'waiting', label: t('show.waiting') },
              { value: 'mine', label: t('show.mine') },
              ...(seesAll ? [{ value: 'all', label: t('show.all') }] : []),
            ]}
          />
        </Group>
        <RecordList
          key={show}
          name="reviews"
          label={t(`show.${show}`)}
          columns={columns}
          filters={filters}
          pages={pages}
          live={reviewNews}
          rowId={(row) => row.id}
          open={(row) => pathTo('review', row.id)}
          empty={<EmptyState title={t(`empty.${show}.title`)} about={t(`empty.${show}.about`)} />}
        />
      </Stack>
      {handing ? <HandOver onClose={close} /> : null}
      {putting ? <Submit onClose={submitting.close} /> : null}
    </Page>
  )
}

const kinds = [
  'application_admission',
  'data_disclosure',
  'membership',
  'policy_publication',
  'query_plan',
  'query_disclosure',
  'dataspace_negotiation',
  'erasure',
  'ethics_board',
  'monitoring_board',
]

/** "2 / 3": votes that count, of those that are needed. */
function votesOf({ panels }: Pick<ReviewItem, 'panels'>): string {
  const voted = panels.reduce((sum, { voted: have, quorum }) => sum + Math.min(have, quorum), 0)
  return `${voted} / ${panels.reduce((sum, { quorum }) => sum + quorum, 0)}`
}

/** Acts that wait for a second person stand on the same desk; each is looked at on a page of its own. */
function Acts() {
  const { t } = useTranslation('governance.reviews')
  const can = useCan()
  const session = useSession()
  const wordsOf = useAskedWords()
  const pathTo = useObjectPath()
  const reads = can('read', 'approval')
  useLive(approvalNews, approvalsKey)
  const { data: waiting = [] } = useQuery({ ...waitingQuery, enabled: reads })
  if (waiting.length === 0) return null
  return (
    <Alert variant="default" icon={<IconUsers aria-hidden />} title={t('acts', { count: waiting.length })}>
      <List>
        {waiting.slice(0, actsShown).map((one) => (
          <List.Item key={one.id}>
            <Link className="link" to={pathTo('approval', one.id) ?? '/governance/approvals'}>
              {wordsOf(one)}
            </Link>{' '}
            · {t(isMyTurn(one, session) ? 'actYours' : 'actOthers')} · <Moment at={one.expires_at} />
          </List.Item>
        ))}
      </List>
      {waiting.length > actsShown ? (
        <Link className="link" to="/governance/approvals">
          {t('actsOpen')}
        </Link>
      ) : null}
    </Alert>
  )
}

/** Beyond so many the list of approvals is the better place. */
const actsShown = 5
