import type { Instant } from '@gatehouse/core/instant'
import { stateMachine } from '@gatehouse/core/state-machine'
import type { Standing } from '@gatehouse/policy/document'
import type { Partner } from './schema.ts'

export type PartnerEvent = 'suspend' | 'activate' | 'expire' | 'sanction' | 'retire'

/**
 * The life of a partner, its standing. Given something is an active one alone. Retired is the end: what was agreed with it is over,
 * and its reference is not given away again.
 */
export const partnerLife = stateMachine<Standing, PartnerEvent>('partner', 'active', [
  { from: 'active', on: 'suspend', to: 'suspended' },
  { from: 'suspended', on: 'activate', to: 'active' },
  { from: 'active', on: 'expire', to: 'expired' },
  { from: 'expired', on: 'activate', to: 'active' },
  { from: 'active', on: 'sanction', to: 'sanctioned' },
  { from: 'suspended', on: 'sanction', to: 'sanctioned' },
  { from: 'expired', on: 'sanction', to: 'sanctioned' },
  { from: 'sanctioned', on: 'activate', to: 'active' },
  { from: 'active', on: 'retire', to: 'retired' },
  { from: 'suspended', on: 'retire', to: 'retired' },
  { from: 'expired', on: 'retire', to: 'retired' },
  { from: 'sanctioned', on: 'retire', to: 'retired' },
])

const eventTo: Record<Standing, PartnerEvent> = { active: 'activate', suspended: 'suspend', expired: 'expire', sanctioned: 'sanction', retired: 'retire' }

/** Whether the life allows the step. Staying as it is is no step and always allowed. */
export function mayBecome(from: Standing, to: Standing): boolean {
  return from === to || partnerLife.can(from, eventTo[to])
}

/** At its date a partner has expired, whether or not somebody says so. */
export function standingOf({ status, expires_at }: Pick<Partner, 'status' | 'expires_at'>, now: Instant): Standing {
  return status === 'active' && expires_at !== null && expires_at <= now ? 'expired' : status
}

/** Whether it may be given something now. Asked at each step that gives. */
export function inGoodStanding(partner: Partner | undefined, now: Instant): partner is Partner {
  return partner !== undefined && standingOf(partner, now) === 'active'
}
