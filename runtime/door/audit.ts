/** The ledger entry of an act, as the door hands it to the ledger. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Principal } from '../base/context.ts'
import type { AuditFacts } from './operation.ts'

export interface AuditEntry {
  readonly id: Id<'entry'>
  readonly tenant: Id<'tenant'>
  readonly type: string
  readonly at: Instant
  readonly actor: { readonly kind: Principal['kind']; readonly id: string }
  readonly facts: AuditFacts
  /** The trace that the act belongs to. */
  readonly trace?: string
  /** From the act's beginning to the writing of its own entry, in whole milliseconds; further entries of an act have none. */
  readonly tookMs?: number
}

export const auditTextMax = 200

/** With the application by which somebody came, where it was one. */
export function factsBy({ application }: Pick<Principal, 'application'>, facts: AuditFacts): AuditFacts {
  return application === undefined ? facts : { ...facts, details: { ...facts.details, application: application.id } }
}

/**
 * The guard that keeps free text out of the ledger, whatever an author passes.
 * @throws TypeError naming the place; an act whose audit is refused does not happen
 */
export function checkFacts(type: string, facts: AuditFacts): void {
  check(type, facts)
}

function check(place: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean' || Number.isFinite(value)) return
  if (typeof value === 'string') {
    if (value.length > auditTextMax) throw new TypeError(`${place}: an audit entry takes ids, digests and counts, not ${value.length} characters of text`)
    return
  }
  if (value === null || typeof value !== 'object') throw new TypeError(`${place}: an audit entry cannot hold this kind of value`)
  for (const [name, member] of Object.entries(value)) check(`${place}.${name}`, member)
}
