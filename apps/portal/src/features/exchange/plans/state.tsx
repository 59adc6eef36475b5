import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Approval } from './queries.ts'

const tones: Readonly<Record<Approval['state'], Tone>> = { not_needed: 'permit', needed: 'attention', asked: 'info', approved: 'permit' }

/** Whether a version may be run as far as approvals go. */
export function ApprovalState({ approval }: { readonly approval: Pick<Approval, 'state'> }) {
  const { t } = useTranslation('exchange.plans')
  return <StateChip tone={tones[approval.state]}>{t(`approval.state.${approval.state}`)}</StateChip>
}

interface Fault {
  readonly pointer: string
  readonly detail: string
  readonly said?: { readonly code: string; readonly params: Readonly<Record<string, string | number>> }
}

/** A fault of a plan in the reader's language, where its sentence has one; what only a schema says stays as it is. */
export function useTranslated(): (fault: Fault) => { readonly pointer: string; readonly detail: string } {
  const { t } = useTranslation('exchange.plans')
  return useCallback(({ pointer, detail, said }) => ({ pointer, detail: said === undefined ? detail : t(`fault.${said.code}`, detail, said.params) }), [t])
}
