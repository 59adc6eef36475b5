import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { Timeline } from '../../../ui/timeline.tsx'
import type { Negotiation } from './queries.ts'

type Message = Negotiation['messages'][number]

const tones: Readonly<Record<Message['state'], Tone>> = { received: 'permit', sent: 'permit', queued: 'attention', refused: 'deny', undeliverable: 'deny' }

/** Message by message, as they went over the wire; the first is the oldest. */
export function Course({ messages }: { readonly messages: readonly Message[] }) {
  const { t } = useTranslation('exchange.dataspace')
  const events = messages.map(({ direction, type, state, attempts, status, at }) => ({
    key: `${at} ${type} ${direction}`,
    at,
    title: t(`message.${type}`, type),
    chip: <StateChip tone={tones[state]}>{t(`messageState.${state}`)}</StateChip>,
    text: (
      <>
        {t(`direction.${direction}`)}
        {attempts > 1 || state === 'refused' || state === 'queued' ? ` ${t('attempts', { count: attempts, status: status ?? '–' })}` : null}
      </>
    ),
  }))
  return <Timeline label={t('course')} events={events} />
}
