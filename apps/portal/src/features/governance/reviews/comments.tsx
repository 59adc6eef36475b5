import { Button, Group, Paper, SegmentedControl, Stack, Text, Textarea, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient, useSession } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type Review, reviewsKey, sayAbout } from './queries.ts'
import { Named } from './votes.tsx'

/** What was said, as far as whoever looks may read it, each marked with who else does. */
export function Comments({ review }: { readonly review: Review }) {
  const { t } = useTranslation('governance.reviews')
  const { user } = useSession()
  const author = review.authors.includes(user?.id ?? '')
  const reviewer = review.seats.length > 0
  const open = ['submitted', 'partially_reviewed', 'reviewed', 'returned'].includes(review.state)
  return (
    <section aria-labelledby="comments">
      <Title order={2} id="comments" mb="sm">
        {t('comments.title')}
      </Title>
      <Stack gap="sm">
        {review.comments.length === 0 ? <Text c="dimmed">{t('comments.none')}</Text> : null}
        {review.comments.map((comment) => (
          <Paper key={comment.id} withBorder p="sm">
            <Group gap="xs">
              <Text fw={600} component="span">
                <Named id={comment.author} people={review.people} />
              </Text>
              <StateChip tone={comment.visibility === 'private' ? 'attention' : 'neutral'}>{t(`comments.${comment.visibility}`)}</StateChip>
              {comment.round === review.round ? null : (
                <Text size="sm" c="dimmed" component="span">
                  {t('comments.round', { round: comment.round })}
                </Text>
              )}
              <Text size="sm" c="dimmed" component="span">
                <Moment at={comment.said_at} />
              </Text>
            </Group>
            <Text mt={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {comment.text}
            </Text>
          </Paper>
        ))}
        {open && (author || reviewer) ? <Say review={review} mayBePrivate={!author} /> : null}
      </Stack>
    </section>
  )
}

function Say({ review, mayBePrivate }: { readonly review: Review; readonly mayBePrivate: boolean }) {
  const { t } = useTranslation('governance.reviews')
  const [visibility, setVisibility] = useState<'private' | 'public'>(mayBePrivate ? 'private' : 'public')
  const [text, setText] = useState('')
  const saying = useMutation({
    mutationFn: () => sayAbout(review.id, visibility, text),
    onSuccess: async () => {
      setText('')
      await queryClient.invalidateQueries({ queryKey: reviewsKey })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        saying.mutate()
      }}
    >
      <Stack gap="xs">
        <ProblemAlert error={saying.error} />
        <Textarea
          label={t('comments.say')}
          description={t(mayBePrivate ? `comments.${visibility}About` : 'comments.authorAbout')}
          autosize
          minRows={2}
          maxLength={4_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group>
          {mayBePrivate ? (
            <SegmentedControl
              aria-label={t('comments.who')}
              value={visibility}
              onChange={(value) => setVisibility(value as 'private' | 'public')}
              data={[
                { value: 'private', label: t('comments.private') },
                { value: 'public', label: t('comments.public') },
              ]}
            />
          ) : null}
          <Button type="submit" variant="default" loading={saying.isPending} disabled={text.trim() === ''}>
            {t('comments.send')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
