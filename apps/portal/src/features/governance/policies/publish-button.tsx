import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { queryClient, useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { approvalsKey } from '../approvals/queries.ts'
import { askReview, reviewOfQuery, reviewsKey, rulesQuery } from '../reviews/queries.ts'
import { policiesKey, publishVersion } from './queries.ts'

interface DraftProps {
  readonly policy: string
  readonly version: number
}

/** The way into force that the institution has chosen: two people, or a review, which is always of the newest draft. */
export function PutInForce({ newest = true, ...draft }: DraftProps & { readonly newest?: boolean }) {
  const can = useCan()
  const { data: rules, isPending } = useQuery({ ...rulesQuery, enabled: can('read', 'review_rule') })
  if (!can('publish', 'policy') || isPending) return null
  const demanded = rules?.some(({ kind, demanded: must }) => kind === 'policy_publication' && must) === true
  if (demanded) return newest ? <ReviewButton {...draft} /> : null
  return <PublishButton {...draft} />
}

/** Asks for a draft to be put in force; it happens when a second person asks for the same. */
function PublishButton({ policy, version }: DraftProps) {
  const { t } = useTranslation('governance.policies')
  return (
    <ConfirmButton
      label={t('publish.label', { version })}
      title={t('publish.title', { version })}
      consequence={t('publish.consequence')}
      confirm={t('publish.confirm')}
      act={async () => {
        const outcome = await publishVersion(policy, version)
        await Promise.all([queryClient.invalidateQueries({ queryKey: policiesKey }), queryClient.invalidateQueries({ queryKey: approvalsKey })])
        void say(outcome === 'waiting' ? t('publish.waiting') : t('publish.done'))
      }}
    />
  )
}

/** Asks for a review of the newest draft, or leads to the one that is open. */
function ReviewButton({ policy, version }: DraftProps) {
  const { t } = useTranslation('governance.policies')
  const { data: open } = useQuery(reviewOfQuery('policy_publication', policy))
  if (open !== null && open !== undefined) {
    return (
      <Button component={Link} to="/governance/reviews/$review" params={{ review: open.id } as never} variant="default">
        {t('review.open')}
      </Button>
    )
  }
  return (
    <ConfirmButton
      label={t('review.label', { version })}
      title={t('review.title', { version })}
      consequence={t('review.consequence')}
      confirm={t('review.confirm')}
      act={async () => {
        await askReview('policy_publication', policy)
        await queryClient.invalidateQueries({ queryKey: reviewsKey })
        void say(t('review.done'))
      }}
    />
  )
}
