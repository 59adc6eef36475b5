import { Button, Group, Paper, Radio, Select, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient, useSession } from '../../../session.ts'
import { say } from '../../../ui/notices.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { policiesKey } from '../policies/queries.ts'
import { type Ballot, castVote, type Review, reviewsKey } from './queries.ts'
import { usePanelName } from './votes.tsx'

const choices = ['approve', 'changes_requested', 'reject'] as const

/** Votes with the digest of what stands on this page. */
export function VoteForm({ review }: { readonly review: Review }) {
  const { t } = useTranslation('governance.reviews')
  const { user } = useSession()
  const nameOf = usePanelName()
  const own = review.votes.find(({ voter }) => voter === user?.id)
  const [choice, setChoice] = useState<Ballot['choice'] | null>(own?.choice ?? null)
  const [panel, setPanel] = useState<string | null>(null)
  const places = [...new Set(review.seats.flatMap(({ panels, taken }) => (taken ? [] : panels)))].sort()
  const voting = useMutation({
    mutationFn: (ballot: Ballot) => castVote(review.id, ballot),
    onSuccess: async ({ state }) => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: reviewsKey }), queryClient.invalidateQueries({ queryKey: policiesKey })])
      void say(t(state === 'approved' || state === 'rejected' || state === 'returned' ? `now.${state}.title` : 'vote.done'))
    },
  })
  const vote = () => {
    if (choice !== null) voting.mutate({ choice, digest: review.digest, ...(panel === null ? {} : { panel: Number(panel) }) })
  }
  const missing = review.panels.reduce((sum, { voted, quorum }) => sum + Math.max(0, quorum - voted), 0)
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="vote">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          vote()
        }}
      >
        <Stack gap="md">
          <Title order={2} id="vote">
            {t(own === undefined ? 'vote.title' : 'vote.change')}
          </Title>
          <ProblemAlert error={voting.error} />
          <Radio.Group aria-labelledby="vote" value={choice} onChange={(value) => setChoice(value as Ballot['choice'])}>
            <Stack gap="sm">
              {choices.map((value) => (
                <Radio key={value} value={value} label={t(`choice.${value}.label`)} description={t(`choice.${value}.about`)} />
              ))}
            </Stack>
          </Radio.Group>
          {own === undefined && places.length > 1 ? (
            <Select
              label={t('vote.panel')}
              description={t('vote.panelAbout')}
              clearable
              placeholder={t('vote.panelLacking')}
              data={places.flatMap((place) => {
                const at = review.panels[place]
                return at === undefined ? [] : [{ value: String(place), label: nameOf({ ...at, name: review.panel_names[place] ?? null }) }]
              })}
              value={panel}
              onChange={setPanel}
            />
          ) : null}
          {missing === 1 && own === undefined ? <Text>{t('vote.last')}</Text> : null}
          <Group>
            <Button type="submit" loading={voting.isPending} disabled={choice === null || choice === own?.choice}>
              {t(own === undefined ? 'vote.cast' : 'vote.castAgain')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
