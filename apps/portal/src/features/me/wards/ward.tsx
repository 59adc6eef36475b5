import { List, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { OfferCard } from '../consents/offer-card.tsx'
import type { MyConsent, MyOffer } from '../consents/queries.ts'
import { useTerms } from '../consents/terms.ts'
import { Looks } from '../disclosures/looks.tsx'
import { Active } from '../opt-outs/active.tsx'
import { Choose } from '../opt-outs/choose.tsx'
import { agreeForWard, giveForWard, liftForWard, optOutForWard, type Ward, wardQuery, withdrawForWard } from './queries.ts'

const tones = { in_force: 'permit', not_yet: 'info', expired: 'neutral', withdrawn: 'neutral', superseded: 'neutral' } as const

export function WardSection({ ward, number }: { readonly ward: Ward; readonly number: number }) {
  const { t } = useTranslation('me.wards')
  const format = useFormat()
  const id = `ward-${number}`
  // The day on which somebody comes of age is a day and no moment: noon is in it everywhere.
  const ends = ward.of_age_on !== null ? `${ward.of_age_on}T12:00:00` : ward.until
  return (
    <Stack component="section" gap="md" aria-labelledby={id}>
      <div>
        <Title order={2} id={id}>
          {ward.label ?? t('unnamed', { number })}
        </Title>
        <Text c="dimmed">
          {t(`basis.${ward.basis}`)} {ends === null ? '' : t(ward.of_age_on === null ? 'until' : 'ofAge', { day: format.longDay(ends) })}{' '}
          {ward.jointly ? t('jointly') : ''}
        </Text>
      </div>
      <QueryView query={useQuery(wardQuery(ward.guardianship))}>
        {({ consents, offers, waiting, disclosures, reads, optOuts }) => (
          <>
            {offers
              .filter(({ given }) => given === null)
              .map((offer) => (
                <Asked key={offer.id} ward={ward} offer={offer} waits={waiting.find((one) => one.offer === offer.id)} />
              ))}
            {consents.map((consent) => (
              <WardConsent key={consent.id} consent={consent} guardianship={ward.guardianship} />
            ))}
            {consents.length === 0 ? <Text>{t('none')}</Text> : null}
            <Title order={3}>{t('optOuts')}</Title>
            {optOuts.opt_outs
              .filter(({ lifted_at }) => lifted_at === null)
              .map((one) => (
                <Active key={one.id} optOut={one} {...(one.source === 'guardian' ? { lift: () => liftForWard(ward.guardianship, one.id) } : {})} />
              ))}
            <Choose
              id={`${id}-choose`}
              title={t('object')}
              found={optOuts}
              act={(wanted) => optOutForWard(ward.guardianship, wanted)}
              onSet={() => void say(t('objected'))}
            />
            <Looks looks={reads} heading={3} />
            <Title order={3}>{t('received')}</Title>
            {disclosures.length === 0 ? (
              <Text>{t('nobody')}</Text>
            ) : (
              <List listStyleType="none">
                {disclosures.map(({ release, at, partner, purpose_label }) => (
                  <List.Item key={release}>{t('disclosure', { day: format.longDay(at), partner, purpose: purpose_label })}</List.Item>
                ))}
              </List>
            )}
          </>
        )}
      </QueryView>
    </Stack>
  )
}

interface Waiting {
  readonly proposal: string
  readonly mine: boolean
}

function Asked({ ward, offer, waits }: { readonly ward: Ward; readonly offer: MyOffer; readonly waits: Waiting | undefined }) {
  const { t } = useTranslation('me.wards')
  const { guardianship, jointly } = ward
  if (waits?.mine === true) return <OfferCard about="other" offer={offer} agree="" act={async () => undefined} note={t('waits')} />
  if (waits !== undefined) return <OfferCard about="other" offer={offer} agree={t('agreeToo')} act={() => agreeForWard(guardianship, waits.proposal)} />
  return <OfferCard about="other" offer={offer} agree={t(jointly ? 'propose' : 'agree')} act={() => giveForWard(guardianship, offer.id)} />
}

function WardConsent({ consent, guardianship }: { readonly consent: MyConsent; readonly guardianship: string }) {
  const { t } = useTranslation('me.wards')
  const words = useTerms(consent)
  return (
    <Paper component="article" withBorder p="md">
      <Stack gap="sm" align="flex-start">
        <StateChip tone={tones[consent.state]}>{t(`state.${consent.state}`)}</StateChip>
        <Text>{t('sentence', { ...words })}</Text>
        {consent.state === 'in_force' || consent.state === 'not_yet' ? (
          <ConfirmButton
            label={t('withdraw.label')}
            title={t('withdraw.title')}
            consequence={t('withdraw.consequence')}
            confirm={t('withdraw.confirm')}
            act={() => withdrawForWard(guardianship, consent.id)}
          />
        ) : null}
      </Stack>
    </Paper>
  )
}
