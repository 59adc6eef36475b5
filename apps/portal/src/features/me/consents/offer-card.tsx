import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../ui/states.tsx'
import type { MyOffer } from './queries.ts'
import { useTerms } from './terms.ts'

/** One thing that the person, or whoever acts for them, is asked to agree to. */
export function OfferCard({
  offer,
  agree,
  act,
  note,
  about = 'self',
}: {
  readonly offer: MyOffer
  /** What the button says. */
  readonly agree: string
  readonly act: () => Promise<unknown>
  /** In the button's place: why there is nothing to press. */
  readonly note?: ReactNode
  /** Whom it is about: whoever reads, or somebody they act for. */
  readonly about?: 'self' | 'other'
}) {
  const { t } = useTranslation('me.consents')
  const acting = useMutation({ mutationFn: act })
  const words = useTerms(offer)
  const title = useId()
  return (
    <Paper component="article" withBorder p="md" aria-labelledby={title}>
      <Stack gap="sm" align="flex-start">
        <Title order={3} id={title}>
          {offer.title}
        </Title>
        <Text style={{ whiteSpace: 'pre-line' }}>{offer.about}</Text>
        <Text size="sm" c="dimmed">
          {t(about === 'self' ? 'offers.sentence' : 'offers.ofOther', { ...words })}{' '}
          {offer.valid_days === null ? t('endless') : t('offers.days', { count: offer.valid_days })}
        </Text>
        <ProblemAlert error={acting.error} />
        {note === undefined ? (
          <Button onClick={() => acting.mutate()} loading={acting.isPending} aria-describedby={title}>
            {agree}
          </Button>
        ) : (
          <Text>{note}</Text>
        )}
      </Stack>
    </Paper>
  )
}
