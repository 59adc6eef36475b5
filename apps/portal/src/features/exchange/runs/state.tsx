import { Alert, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { meaning } from '../../../theme.ts'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { useSourceSays } from '../../custody/sources/said.ts'
import type { RunRow } from './queries.ts'

export const runTones: Readonly<Record<RunRow['state'], Tone>> = {
  queued: 'neutral',
  checking: 'info',
  waiting: 'attention',
  waiting_for_node: 'attention',
  running: 'info',
  treating: 'info',
  disclosure_control: 'info',
  held_for_review: 'attention',
  answered: 'permit',
  released: 'permit',
  refused: 'deny',
  failed: 'deny',
  cancelled: 'neutral',
  expired: 'neutral',
}

export function RunState({ state }: { readonly state: RunRow['state'] }) {
  const { t } = useTranslation('exchange.runs')
  return <StateChip tone={runTones[state]}>{t(`state.${state}`)}</StateChip>
}

interface WhyProps {
  readonly reason: string
  /** Where it happened; what plug-ins and engines say of it is in English. */
  readonly said: { readonly code: string; readonly params: Readonly<Record<string, string | number>> } | null
  readonly tone?: Tone
}

const colours: Partial<Record<Tone, string>> = { deny: meaning.deny, attention: meaning.attention }

/** Why a run ended as it did, or waits, and what to do about it. */
export function Why({ reason, said, tone = 'deny' }: WhyProps) {
  const { t } = useTranslation('exchange.runs')
  const says = useSourceSays()
  const where = said === null ? '' : said.code === 'as_is' ? String(said.params.text) : t(`said.${said.code}`, says({ detail: '', said }), said.params)
  return (
    <Alert color={colours[tone] ?? 'gray'} title={t(`why.${reason}.what`, reason)}>
      <Text>{t(`why.${reason}.todo`, '')}</Text>
      {said === null ? null : (
        <Text size="sm" c="dimmed" mt="xs" {...(said.code === 'as_is' ? { lang: 'en' } : {})}>
          {where}
        </Text>
      )}
    </Alert>
  )
}
