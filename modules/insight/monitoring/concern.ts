/** What each kind of rule looks at in the ledger, and about whom it then speaks. */

import type { WorkingHours } from '../../governance/tenancy/index.ts'
import type { Condition } from './condition.ts'
import type { Fact } from './fact.ts'
import { atWork } from './hours.ts'

export const aboutKinds = ['institution', 'partner', 'user', 'system', 'anonymous', 'source', 'type'] as const

/** Whom an alert is about. Ids of partners and users are opaque; a source is the keyed digest of an address. */
export interface About {
  readonly kind: (typeof aboutKinds)[number]
  readonly id: string
}

export interface Concern {
  readonly about: About
  /** What the fact adds to the count. */
  readonly amount: number
}

/** The institution's own hours, where a rule has none. */
export interface Hours {
  readonly timezone: string
  readonly working_hours: WorkingHours
}

const institution: About = { kind: 'institution', id: 'institution' }

const proven = ['release.redeem']
const spent: readonly unknown[] = ['spent', 'delivered', 'undelivered', 'burned']
const verifying = ['ledger.verify', 'vault.verify', 'release.redeem', 'release.read_record']

/** The types of entries that the condition has to be shown; others it passes over. */
export function typesOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'rate':
    case 'off_hours':
    case 'subject_walk':
    case 'settings_changed':
      return condition.types
    case 'volume':
      return condition.measure === 'bytes' ? ['release.deliver'] : ['release.redeem', 'release.read_record']
    case 'new_purpose':
      return ['release.authorize']
    case 'replayed_token':
    case 'failed_proof':
      return proven
    case 'failed_verification':
      return verifying
    case 'failed_sign_in':
      return condition.per === 'source' ? ['identity.failures'] : ['identity.sign_in']
  }
}

/** Sources knock at the node and not at an institution: their counts stand in the node's own log. */
export function logOf(condition: Condition): 'own' | 'node' {
  return condition.kind === 'failed_sign_in' && condition.per === 'source' ? 'node' : 'own'
}

/** Made once per rule and batch. */
export function concernOf(condition: Condition, hours: Hours): (fact: Fact) => Concern | undefined {
  const types = new Set(typesOf(condition))
  const concern = ofKind(condition, hours)
  return (fact) => (types.has(fact.type) ? concern(fact) : undefined)
}

function ofKind(condition: Condition, hours: Hours): (fact: Fact) => Concern | undefined {
  switch (condition.kind) {
    case 'rate':
      return (fact) => (condition.decision === undefined || condition.decision === fact.decision ? once(whom(condition.per, fact)) : undefined)
    case 'volume':
      return (fact) => counted(whom(condition.per, fact), condition.measure === 'bytes' ? bytesOf(fact) : fact.decision === 'permit' ? 1 : 0)
    case 'new_purpose':
      return (fact) => (fact.purpose === undefined ? undefined : once(whom('partner', fact)))
    case 'off_hours': {
      const working = atWork(condition.hours ?? hours.working_hours, condition.timezone ?? hours.timezone)
      return (fact) => ((condition.actors !== 'any' && condition.actors !== fact.actor.kind) || working(fact.atMs) ? undefined : once(whom('actor', fact)))
    }
    case 'subject_walk':
      return (fact) => (fact.person === undefined ? undefined : once(whom(condition.per, fact)))
    case 'replayed_token':
      return (fact) => (reasonsOf(fact).some((reason) => spent.includes(reason)) ? once(whom('partner', fact)) : undefined)
    case 'failed_proof':
      return (fact) => (reasonsOf(fact).includes('key_not_proven') ? once(whom('partner', fact)) : undefined)
    case 'failed_verification':
      return (fact) => (foundFault(fact) ? once(institution) : undefined)
    case 'settings_changed':
      return (fact) => (fact.decision === undefined || fact.decision === 'permit' ? once({ kind: 'type', id: fact.type }) : undefined)
    case 'failed_sign_in': {
      const { per } = condition
      return per === 'source' ? failedSource : (fact) => (fact.decision === 'deny' ? once(account(per, fact)) : undefined)
    }
  }
}

function whom(per: 'partner' | 'actor' | 'institution', { partner, actor }: Fact): About | undefined {
  if (per === 'institution') return institution
  if (partner !== undefined && (per === 'partner' || actor.kind !== 'user')) return { kind: 'partner', id: partner }
  if (per === 'partner') return undefined
  return { kind: aboutKinds.find((kind) => kind === actor.kind) ?? 'system', id: actor.id }
}

/** A sign-in to no account is told to no institution; the node counts it by source. */
function account(per: 'account' | 'institution', { object }: Fact): About | undefined {
  if (object?.kind !== 'user') return undefined
  return per === 'institution' ? institution : { kind: 'user', id: object.id }
}

function failedSource({ details }: Fact): Concern | undefined {
  const { source, count } = details
  return typeof source === 'string' && typeof count === 'number' ? counted({ kind: 'source', id: source }, count) : undefined
}

function bytesOf({ details }: Fact): number {
  return typeof details.bytes === 'number' ? details.bytes : 0
}

function reasonsOf({ details }: Fact): readonly unknown[] {
  return Array.isArray(details.reasons) ? details.reasons : []
}

/** A verification that found something, or a record that failed its own when it was about to be used. */
function foundFault(fact: Fact): boolean {
  const { outcome, fault_count } = fact.details
  return outcome === 'broken' || (typeof fault_count === 'number' && fault_count > 0) || reasonsOf(fact).includes('record_tampered')
}

const once = (about: About | undefined): Concern | undefined => counted(about, 1)

function counted(about: About | undefined, amount: number): Concern | undefined {
  return about === undefined || amount <= 0 ? undefined : { about, amount }
}
