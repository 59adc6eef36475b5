import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { queryClient, useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { askReview, type ReviewItem, reviewOfQuery, reviewsKey, rulesQuery } from './queries.ts'

/** Whether the institution has chosen a review for such things, where two people who ask for the same would be enough; `undefined` until it is known. */
export function useDemanded(kind: ReviewItem['kind']): boolean | undefined {
  const can = useCan()
  const { data: rules, isPending } = useQuery({ ...rulesQuery, enabled: can('read', 'review_rule') })
  return isPending ? undefined : rules?.some((rule) => rule.kind === kind && rule.demanded) === true
}

interface AskReviewProps {
  readonly kind: ReviewItem['kind']
  readonly object: string
  /** In the words of the thing's own page. */
  readonly words: Readonly<Record<'label' | 'title' | 'consequence' | 'confirm' | 'done' | 'open', string>>
}

/** Asks for a review of a thing, or leads to the one that is open. */
export function AskReview({ kind, object, words }: AskReviewProps): ReactNode {
  const { data: open } = useQuery(reviewOfQuery(kind, object))
  if (open !== null && open !== undefined) {
    return (
      <Button component={Link} to="/governance/reviews/$review" params={{ review: open.id } as never} variant="default">
        {words.open}
      </Button>
    )
  }
  return (
    <ConfirmButton
      label={words.label}
      title={words.title}
      consequence={words.consequence}
      confirm={words.confirm}
      act={async () => {
        await askReview(kind, object)
        await queryClient.invalidateQueries({ queryKey: reviewsKey })
        void say(words.done)
      }}
    />
  )
}
