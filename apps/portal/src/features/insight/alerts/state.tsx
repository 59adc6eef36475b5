import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Alert, Channel, Verdict } from './queries.ts'

const stateTones: Readonly<Record<Alert['state'], Tone>> = { raised: 'attention', acknowledged: 'info', closed: 'neutral' }
const channelTones: Readonly<Record<Channel, Tone>> = { page_now: 'deny', next_working_day: 'attention', on_trial: 'info', demoted: 'neutral' }
const verdictTones: Readonly<Record<Verdict, Tone>> = { useful: 'permit', noise: 'neutral' }

export function AlertState({ state }: { readonly state: Alert['state'] }) {
  const { t } = useTranslation('insight.alerts')
  return <StateChip tone={stateTones[state]}>{t(`state.${state}`)}</StateChip>
}

export function ChannelChip({ channel }: { readonly channel: Channel }) {
  const { t } = useTranslation('insight.alerts')
  return <StateChip tone={channelTones[channel]}>{t(`channel.${channel}`)}</StateChip>
}

export function VerdictChip({ verdict }: { readonly verdict: Verdict }) {
  const { t } = useTranslation('insight.alerts')
  return <StateChip tone={verdictTones[verdict]}>{t(`verdict.${verdict}`)}</StateChip>
}
