import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Delivery, Webhook } from './queries.ts'

export const webhookStates: Readonly<Record<Webhook['state'], Tone>> = { active: 'permit', paused: 'neutral', parked: 'deny' }
export const deliveryStates: Readonly<Record<Delivery['state'], Tone>> = { pending: 'info', delivered: 'permit', dead: 'deny' }

export function WebhookState({ state }: { readonly state: Webhook['state'] }) {
  const { t } = useTranslation('exchange.webhooks')
  return <StateChip tone={webhookStates[state]}>{t(`state.${state}`)}</StateChip>
}

export function DeliveryState({ state }: { readonly state: Delivery['state'] }) {
  const { t } = useTranslation('exchange.webhooks')
  return <StateChip tone={deliveryStates[state]}>{t(`delivery.state.${state}`)}</StateChip>
}
