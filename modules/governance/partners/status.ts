import { stateMachine } from '@gatehouse/core/state-machine'
import type { PartnerStatus } from './schema.ts'

export type PartnerEvent = 'suspend' | 'activate' | 'retire'

/** The life of a partner. Retired is the end: what was agreed with it is over, and its reference is not given away again. */
export const partnerLife = stateMachine<PartnerStatus, PartnerEvent>('partner', 'active', [
  { from: 'active', on: 'suspend', to: 'suspended' },
  { from: 'suspended', on: 'activate', to: 'active' },
  { from: 'active', on: 'retire', to: 'retired' },
  { from: 'suspended', on: 'retire', to: 'retired' },
])

const eventTo: Record<PartnerStatus, PartnerEvent> = { active: 'activate', suspended: 'suspend', retired: 'retire' }

/** Whether the life allows the step. Staying as it is is no step and always allowed. */
export function mayBecome(from: PartnerStatus, to: PartnerStatus): boolean {
  return from === to || partnerLife.can(from, eventTo[to])
}
