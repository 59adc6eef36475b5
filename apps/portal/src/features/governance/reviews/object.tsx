import { Alert, Button, Stack, Text, Title } from '@mantine/core'
import { IconEyeOff, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { queryClient, useCan, useSession } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { markSeen } from '../../exchange/notifications/queries.ts'
import { Differences } from '../policies/differences.tsx'
import { policyQuery, versionQuery } from '../policies/queries.ts'
import { Rules } from '../policies/rules.tsx'
import { Comments } from './comments.tsx'
import { JudgedPlan, JudgedResult, partsOf } from './judged-query.tsx'
import { DecisionLetter } from './letter.tsx'
import { concludeReview, type Review, resubmitReview, reviewNews, reviewQuery, reviewsKey, withdrawReview } from './queries.ts'
import { ReviewState } from './state.tsx'
import { Submitted } from './submission.tsx'
import { VoteForm } from './vote-form.tsx'
import { Named, Votes } from './votes.tsx'

export function ReviewPage() {
  const { review: id = '' } = useParams({ strict: false }) as { review?: string }
  useLive(reviewNews, reviewsKey)
  const query = useQuery(reviewQuery(id))
  const seen = query.data?.id
  // Whoever looks at the thing needs no further word that it waits.
  useEffect(() => {
    if (seen !== undefined) void markSeen(seen)
  }, [seen])
  return (
    <QueryView whole query={query}>
      {(review) => <Found review={review} />}
    </QueryView>
  )
}

const changed = () => queryClient.invalidateQueries({ queryKey: reviewsKey })

function Found({ review }: { readonly review: Review }) {
  const { t } = useTranslation('governance.reviews')
  const open = ['submitted', 'partially_reviewed', 'reviewed'].includes(review.state)
  return (
    <ObjectPage
      kind="review"
      id={review.id}
      title={t(`kind.${review.kind}`)}
      chip={<ReviewState state={review.state} />}
      about={t(`kindAbout.${review.kind}`)}
      actions={<Actions review={review} />}
    >
      <Stack gap="lg">
        <Situation review={review} />
        <Facts
          facts={[
            {
              label: t('thing'),
              value: <ShortId id={review.kind === 'query_plan' ? partsOf(review.object).plan : review.object} kind={objectKinds[review.kind]} />,
            },
            { label: t('author'), value: <Named id={review.author} people={review.people} /> },
            { label: t('asked'), value: <Moment at={review.opened_at} /> },
            { label: t('deadline'), value: <Moment at={review.deadline} /> },
            { label: t('round'), value: review.round },
            { label: t('id'), value: <ShortId id={review.id} /> },
          ]}
        />
        {['approved', 'returned', 'rejected'].includes(review.state) ? <DecisionLetter review={review.id} /> : null}
        <Judged review={review} />
        {open && (review.waits_for === 'vote' || review.waits_for === 'agreement') && !review.changed ? <VoteForm review={review} /> : null}
        <Votes review={review} />
        <Comments review={review} />
      </Stack>
    </ObjectPage>
  )
}

/** What a kind's things are called in the ledger, where they have a page. */
const objectKinds: Readonly<Record<Review['kind'], string>> = {
  application_admission: 'application',
  policy_publication: 'policy',
  membership: 'project',
  data_disclosure: 'submission',
  dataspace_negotiation: 'negotiation',
  erasure: 'erasure',
  ethics_board: 'submission',
  monitoring_board: 'submission',
  query_disclosure: 'query_result',
  query_plan: 'query_plan',
}

/** What is waited for now, and why one may or may not do something. */
function Situation({ review }: { readonly review: Review }) {
  const { t } = useTranslation('governance.reviews')
  const { user } = useSession()
  const author = review.authors.includes(user?.id ?? '')
  const hidden = review.blinded && ['submitted', 'partially_reviewed'].includes(review.state)
  const words = situationOf(review, author)
  return (
    <>
      {review.changed ? (
        <Alert variant="default" icon={<IconInfoCircle aria-hidden />} title={t('changed.title')}>
          {t(review.author === user?.id ? 'changed.mine' : 'changed.about')}
        </Alert>
      ) : null}
      <Alert variant="default" icon={hidden ? <IconEyeOff aria-hidden /> : <IconInfoCircle aria-hidden />} title={t(`now.${words}.title`)}>
        <Text>{t(`now.${words}.about`)}</Text>
        {hidden ? <Text mt="xs">{t('hiddenAbout')}</Text> : null}
      </Alert>
    </>
  )
}

function situationOf({ state, waits_for, seats }: Review, author: boolean): string {
  if (waits_for !== null) return waits_for
  if (state === 'submitted' || state === 'partially_reviewed') return author ? 'authors' : seats.length > 0 ? 'voted' : 'onlooker'
  return state
}

function Actions({ review }: { readonly review: Review }) {
  const { t } = useTranslation('governance.reviews')
  const { user } = useSession()
  const mine = review.author === user?.id
  const open = ['submitted', 'partially_reviewed', 'reviewed', 'returned'].includes(review.state)
  const voted = review.votes.some(({ voter }) => voter === user?.id)
  const act = (what: (id: string) => Promise<unknown>, done: string) => async () => {
    await what(review.id)
    await changed()
    void say(done)
  }
  return (
    <>
      {mine && open && (review.changed || review.state === 'returned') ? (
        <ConfirmButton
          label={t('resubmit.label')}
          title={t('resubmit.title')}
          consequence={t('resubmit.consequence')}
          confirm={t('resubmit.confirm')}
          act={act(resubmitReview, t('resubmit.done'))}
        />
      ) : null}
      {review.state === 'reviewed' && voted ? (
        <ConfirmButton
          label={t('conclude.label')}
          title={t('conclude.title')}
          consequence={t('conclude.consequence')}
          confirm={t('conclude.confirm')}
          act={act(concludeReview, t('conclude.done'))}
        />
      ) : null}
      {mine && open ? (
        <ConfirmButton
          label={t('withdraw.label')}
          title={t('withdraw.title')}
          consequence={t('withdraw.consequence')}
          confirm={t('withdraw.confirm')}
          act={act(withdrawReview, t('withdraw.done'))}
        />
      ) : null}
    </>
  )
}

/** The thing itself, on the same page, where the portal knows how to show it. */
function Judged({ review }: { readonly review: Review }) {
  const { t } = useTranslation('governance.reviews')
  const can = useCan()
  return (
    <section aria-labelledby="judged">
      <Title order={2} id="judged" mb="sm">
        {t('judged.title')}
      </Title>
      <Stack gap="md">
        <Text>{t('judged.about')}</Text>
        <Copyable text={review.digest} label={t('judged.digest')} />
        {review.submission === null ? null : <Submitted review={review} submission={review.submission} />}
        {review.kind === 'policy_publication' && can('read', 'policy') ? <JudgedPolicy review={review} /> : null}
        {review.kind === 'query_plan' ? <JudgedPlan object={review.object} /> : null}
        {review.kind === 'query_disclosure' ? <JudgedResult object={review.object} /> : null}
      </Stack>
    </section>
  )
}

function JudgedPolicy({ review }: { readonly review: Review }) {
  const { t } = useTranslation('governance.reviews')
  const query = useQuery(policyQuery(review.object))
  return (
    <QueryView query={query}>
      {(policy) => {
        const version = policy.versions.find(({ digest }) => digest === review.digest)
        const active = policy.versions.find(({ state }) => state === 'active')
        if (version === undefined) return <Text>{t('judged.gone')}</Text>
        return (
          <>
            <div>
              <Button component={Link} to="/governance/policies/$policy" params={{ policy: policy.id } as never} variant="default">
                {t('judged.openPolicy', { version: version.version })}
              </Button>
            </div>
            {active === undefined || active.version === version.version ? (
              <Version policy={policy.id} version={version.version} />
            ) : (
              <Differences policy={policy.id} from={active.version} to={version.version} />
            )}
          </>
        )
      }}
    </QueryView>
  )
}

function Version({ policy, version }: { readonly policy: string; readonly version: number }) {
  const query = useQuery(versionQuery(policy, version))
  return <QueryView query={query}>{(found) => <Rules document={found.document} explained={found.explained} />}</QueryView>
}
