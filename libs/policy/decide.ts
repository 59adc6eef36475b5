/**
 * The one question everything asks: may this partner do this with this data class for this purpose, and how much of it?
 * Nothing is permitted that no rule permits; a prohibition beats every permission; a field without a rule is left out.
 */
import { instantMs } from '@gatehouse/core/instant'
import type { CompiledPermission, CompiledPolicy } from './compile.ts'
import type { Facts, Test } from './condition.ts'
import type { Duty, Mask } from './document.ts'
import type { Consent, CountNeed, Question, World } from './question.ts'
import type { Reason, ReasonCode } from './reasons.ts'

export interface RuleRef {
  readonly policy: string
  readonly rule: string
}

export interface Permit {
  readonly outcome: 'permit'
  /** The permissions that contribute at least one field, in the order of the policies. */
  readonly rules: readonly RuleRef[]
  readonly fields: readonly (RuleRef & { readonly name: string; readonly mask: Mask })[]
  readonly dropped: readonly (Reason & { readonly name: string })[]
  readonly obligations: readonly (RuleRef & { readonly duty: Duty })[]
  readonly bases: readonly (RuleRef & { readonly basis: string; readonly law?: string })[]
  /** The consents relied on, each once. */
  readonly consentIds: readonly string[]
  /** The longest life a token for this decision may have. */
  readonly ttlMaxSeconds: number
}

export interface Deny {
  readonly outcome: 'deny'
  readonly reasons: readonly Reason[]
}

export type Decision = Permit | Deny

/**
 * Decides over all policies in force. Several permissions may each give some fields; where two give the same field, the first
 * in order gives its mask. A permission that contributes no field is not used: it adds no duty and rests on no consent.
 */
export function decide(policies: readonly CompiledPolicy[], question: Question, world: World): Decision {
  const decision = decideByRules(policies, question, world)
  // Asked last: a refusal on other grounds is the same whether or not the person has opted out.
  return decision.outcome === 'permit' && world.bar !== undefined ? deny([{ code: world.bar }]) : decision
}

function decideByRules(policies: readonly CompiledPolicy[], question: Question, world: World): Decision {
  const named = policies.filter((policy) => namesRecipient(policy, question))
  if (named.length === 0) return deny([{ code: 'no_policy' }])

  const facts: Facts = { question, world, atMs: instantMs(question.at) }
  const { forbidden, withheld } = prohibitions(named, facts)
  if (forbidden.length > 0) return deny(forbidden)

  const rules = named.flatMap((policy) => policy.permissions.filter((rule) => isAbout(rule, question)).map((rule) => ({ rule, policy })))
  if (rules.length === 0) return deny([{ code: 'no_rule' }])

  const holding: Holding[] = []
  const failing: { rule: CompiledPermission; reason: Reason }[] = []
  for (const { rule, policy } of rules) {
    if (!speaksOfAsked(rule, question)) continue
    const held = hold(rule, policy, facts)
    if ('code' in held) failing.push({ rule, reason: held })
    else holding.push(held)
  }
  if (holding.length === 0 && failing.length > 0) return deny(failing.map(({ reason }) => reason))

  const fields: Permit['fields'][number][] = []
  const dropped: Permit['dropped'][number][] = []
  const used = new Set<Holding>()
  const available = new Set(question.available)
  for (const name of new Set(asked(question))) {
    const giving = holding.find(({ rule }) => rule.masks.has(name))
    const mask = giving?.rule.masks.get(name)
    const prohibition = withheld.get(name)
    if (!available.has(name)) dropped.push({ name, code: 'unknown_field' })
    else if (prohibition !== undefined) dropped.push({ name, ...prohibition })
    else if (giving === undefined || mask === undefined)
      dropped.push({ name, ...(failing.find(({ rule }) => rule.masks.has(name))?.reason ?? { code: 'no_field_rule' }) })
    else if (mask.mask === 'drop') dropped.push({ name, code: 'dropped_by_rule', ...refOf(giving.rule) })
    else {
      fields.push({ name, mask, ...refOf(giving.rule) })
      used.add(giving)
    }
  }
  if (fields.length === 0) return deny([{ code: 'no_field_left' }, ...distinctCauses(dropped)])
  return permit(
    holding.filter((held) => used.has(held)),
    fields,
    dropped,
  )
}

/** True when a permission that could answer the question rests on consent: only then is the person's consent looked up. */
export function requiresConsent(policies: readonly CompiledPolicy[], question: Question): boolean {
  return candidates(policies, question).some((rule) => rule.needsConsent)
}

/** The counts the question's rules ask for, each once; those of prohibitions too. */
export function requiredCounts(policies: readonly CompiledPolicy[], question: Question): readonly CountNeed[] {
  const named = policies.filter((policy) => namesRecipient(policy, question))
  const tests = [...candidates(named, question), ...named.flatMap((policy) => policy.prohibitions)].flatMap((rule) => rule.tests)
  return [...new Map(tests.flatMap((test) => test.counts).map((need) => [need.key, need])).values()]
}

function candidates(policies: readonly CompiledPolicy[], question: Question): readonly CompiledPermission[] {
  return policies
    .filter((policy) => namesRecipient(policy, question))
    .flatMap((policy) => policy.permissions)
    .filter((rule) => isAbout(rule, question) && rule.coversPurpose(question.purpose) && speaksOfAsked(rule, question))
}

const asked = (question: Question) => question.requested ?? question.available

const speaksOfAsked = (rule: CompiledPermission, question: Question) => asked(question).some((name) => rule.masks.has(name))

const namesRecipient = ({ policy }: CompiledPolicy, { recipient }: Question) => policy.assignee === '*' || policy.assignee === recipient

const isAbout = ({ rule }: CompiledPermission, question: Question) => rule.action === question.action && rule.target === question.recordType

const refOf = ({ policy, rule }: { readonly policy: string; readonly rule: { readonly uid: string } }): RuleRef => ({ policy, rule: rule.uid })

function deny(reasons: readonly Reason[]): Deny {
  return { outcome: 'deny', reasons }
}

function prohibitions(policies: readonly CompiledPolicy[], facts: Facts): { forbidden: readonly Reason[]; withheld: ReadonlyMap<string, Reason> } {
  const { question } = facts
  const forbidden: Reason[] = []
  const withheld = new Map<string, Reason>()
  for (const prohibition of policies.flatMap((policy) => policy.prohibitions)) {
    const { rule, fields, tests } = prohibition
    const applies =
      (rule.action === '*' || rule.action === question.action) &&
      (rule.target === '*' || rule.target === question.recordType) &&
      prohibition.touchesPurpose(question.purpose) &&
      tests.every((test) => test.ask(facts) !== false)
    if (!applies) continue
    const reason: Reason = { code: 'prohibited', ...refOf(prohibition) }
    if (fields === undefined) forbidden.push(reason)
    else for (const field of fields) if (!withheld.has(field)) withheld.set(field, reason)
  }
  return { forbidden, withheld }
}

/** A permission that holds, with the consents it rests on. */
interface Holding {
  readonly rule: CompiledPermission
  readonly consentIds: readonly string[]
}

/** Consent is asked last, so that a refusal on other grounds says nothing of the person. */
function hold(rule: CompiledPermission, { purposes }: CompiledPolicy, facts: Facts): Holding | Reason {
  const ref = refOf(rule)
  if (!rule.coversPurpose(facts.question.purpose)) return { code: 'purpose_not_permitted', ...ref }
  for (const test of rule.tests) {
    const code = refusalCode(test, facts)
    if (code !== undefined) return { code, ...ref, operand: test.operand }
  }
  if (!rule.needsConsent) return { rule, consentIds: [] }
  const covers = (consent: Consent) =>
    purposes.isA(facts.question.purpose, consent.purpose) &&
    includes(consent.recipients, facts.question.recipient) &&
    includes(consent.dataClasses, facts.question.recordType)
  const consentIds = facts.world.consents.filter(covers).map((consent) => consent.id)
  return consentIds.length > 0 ? { rule, consentIds } : { code: 'no_consent', ...ref }
}

function refusalCode(test: Test, facts: Facts): ReasonCode | undefined {
  const answer = test.ask(facts)
  if (answer === true) return undefined
  return answer === undefined ? 'condition_unknown' : test.code
}

const includes = (names: readonly string[], name: string) => names.includes('*') || names.includes(name)

function distinctCauses(dropped: readonly (Reason & { readonly name: string })[]): readonly Reason[] {
  return [...new Map(dropped.map(({ name: _, ...reason }) => [`${reason.code} ${reason.policy} ${reason.rule}`, reason])).values()]
}

function permit(used: readonly Holding[], fields: Permit['fields'], dropped: Permit['dropped']): Permit {
  return {
    outcome: 'permit',
    rules: used.map(({ rule }) => refOf(rule)),
    fields,
    dropped,
    obligations: used.flatMap(({ rule }) => rule.duties.map((duty) => ({ ...refOf(rule), duty }))),
    bases: used.map(({ rule }) => ({ ...refOf(rule), ...rule.rule.legal_basis })),
    consentIds: [...new Set(used.flatMap(({ consentIds }) => consentIds))],
    ttlMaxSeconds: Math.min(...used.map(({ rule }) => rule.ttlMaxSeconds)),
  }
}
