import { Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { OfferCard } from './offer-card.tsx'
import { giveMyConsent, myOffersQuery } from './queries.ts'

/** What the person is asked and has not agreed to. Nothing stands here where nothing is asked. */
export function Offers({ onGiven }: { readonly onGiven: () => void }) {
  const { t } = useTranslation('me.consents')
  const open = (useQuery(myOffersQuery()).data ?? []).filter(({ given }) => given === null)
  if (open.length === 0) return null
  return (
    <Stack component="section" gap="sm" aria-labelledby="asked">
      <Title order={2} id="asked">
        {t('offers.title')}
      </Title>
      {open.map((offer) => (
        <OfferCard key={offer.id} offer={offer} agree={t('offers.agree')} act={() => giveMyConsent(offer.id).then(onGiven)} />
      ))}
    </Stack>
  )
}
