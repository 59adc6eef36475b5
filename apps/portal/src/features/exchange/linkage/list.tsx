import { Anchor, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { Card } from '../../../ui/card-page.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Review, reviewsKey, reviewsQuery } from './queries.ts'

export function LinkReviewList() {
  const { t } = useTranslation('exchange.linkage')
  useLive(['linkage.*'], reviewsKey)
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={useQuery(reviewsQuery)}>
        {(reviews) => (
          <Stack gap="md" maw={860}>
            {reviews.length === 0 ? <EmptyState title={t('none.title')} about={t('none.about')} /> : null}
            {reviews.map((review) => (
              <ReviewCard key={`${review.project} ${review.id}`} review={review} />
            ))}
          </Stack>
        )}
      </QueryView>
    </Page>
  )
}

function ReviewCard({ review }: { readonly review: Review }) {
  const { t } = useTranslation('exchange.linkage')
  const format = useFormat()
  const open = review.state === 'open'
  return (
    <Card
      name={review.project_title}
      chips={<StateChip tone={open ? 'attention' : 'neutral'}>{t(`state.${review.state}`)}</StateChip>}
      actions={
        open ? (
          <Anchor
            component={Link}
            to={`/exchange/link-reviews/${review.id}?project=${review.project}`}
            aria-label={t('openOf', { project: review.project_title })}
          >
            {t('open')}
          </Anchor>
        ) : null
      }
    >
      <Progress label={t('decided')} done={review.decided} of={review.pairs} />
      <Text size="sm" c="dimmed">
        {t(`origin.${review.origin}`)} · {t('opinions', { count: review.opinions })}
        {review.disputed > 0 ? ` · ${t('disputed', { count: review.disputed, number: format.number(review.disputed) })}` : ''} · {t('closes')}{' '}
        <Moment at={review.closed_at ?? review.closes_at} />
      </Text>
    </Card>
  )
}
