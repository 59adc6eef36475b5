/** A policy made ready to be asked many times: dates read, durations counted, purposes looked up once. */

import { restsOnConsent } from './bases.ts'
import { compileConstraint, type Test } from './condition.ts'
import type { Duty, Mask, Permission, Policy, Prohibition } from './document.ts'
import type { PurposeTree } from './purposes.ts'

export interface CompiledPermission {
  readonly policy: string
  readonly rule: Permission
  readonly needsConsent: boolean
  /** True when the purpose asked for is one of the rule's, or narrower. */
  readonly coversPurpose: (purpose: string) => boolean
  readonly masks: ReadonlyMap<string, Mask>
  readonly tests: readonly Test[]
  readonly duties: readonly Duty[]
  readonly ttlMaxSeconds: number
}

export interface CompiledProhibition {
  readonly policy: string
  readonly rule: Prohibition
  readonly touchesPurpose: (purpose: string) => boolean
  /** The fields withheld, or `undefined` where the act itself is forbidden. */
  readonly fields: ReadonlySet<string> | undefined
  readonly tests: readonly Test[]
}

export interface CompiledPolicy {
  readonly policy: Policy
  readonly purposes: PurposeTree
  readonly permissions: readonly CompiledPermission[]
  readonly prohibitions: readonly CompiledProhibition[]
}

/** The longest life of a token where neither policy nor rule says another. */
export const defaultTtlSeconds = 300

/** @throws TypeError for a policy that `parsePolicy` has not accepted */
export function compilePolicy(policy: Policy, purposes: PurposeTree): CompiledPolicy {
  const tests = (rule: Permission | Prohibition) =>
    (rule.constraint ?? []).map((constraint) => compileConstraint(constraint, { policy: policy.uid, rule: rule.uid }, purposes))
  return {
    policy,
    purposes,
    permissions: policy.permission.map((rule) => ({
      policy: policy.uid,
      rule,
      needsConsent: restsOnConsent(rule.legal_basis.basis),
      coversPurpose: (purpose) => rule.purpose.some((granted) => purposes.isA(purpose, granted)),
      masks: new Map(Object.entries(rule.fields)),
      tests: tests(rule),
      duties: rule.duty ?? [],
      ttlMaxSeconds: shortest(rule.token_ttl_max_seconds, policy.token_ttl_max_seconds),
    })),
    prohibitions: policy.prohibition.map((rule) => ({
      policy: policy.uid,
      rule,
      touchesPurpose: touchesPurpose(rule.purpose, purposes),
      fields: rule.fields === undefined ? undefined : new Set(rule.fields),
      tests: tests(rule),
    })),
  }
}

function shortest(...seconds: readonly (number | undefined)[]): number {
  const set = seconds.filter((one) => one !== undefined)
  return set.length > 0 ? Math.min(...set) : defaultTtlSeconds
}

/** A broader purpose is touched too, since acting for it may be acting for the forbidden one; so is everything when the tree has lost the term. */
function touchesPurpose(forbidden: readonly string[] | undefined, purposes: PurposeTree): (purpose: string) => boolean {
  if (forbidden === undefined || forbidden.some((term) => !purposes.has(term))) return () => true
  return (purpose) => forbidden.some((term) => purposes.overlaps(purpose, term))
}
