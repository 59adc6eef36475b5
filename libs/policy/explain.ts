/** Policies and decisions in plain English, for the person who signs a policy and the one whose data it is about. */
import { actions } from './actions.ts'
import { legalBasis } from './bases.ts'
import type { Decision } from './decide.ts'
import type { Condition, Constraint, Duty, Mask, Permission, Policy, Prohibition } from './document.ts'
import { durationWords } from './duration.ts'
import { labelOf, type PurposeTree } from './purposes.ts'
import { type Reason, reasonCodes } from './reasons.ts'

export interface Words {
  readonly purposes?: PurposeTree
  /** The name of a partner, where the caller knows it. */
  readonly party?: (id: string) => string
  readonly mask?: (mask: Mask) => string
}

export interface ExplainedRule {
  readonly rule: string
  readonly kind: 'permission' | 'prohibition'
  /** All of it, in the order of the parts below. */
  readonly sentences: readonly string[]
  /** Who may, or may never, do what for which purpose. */
  readonly act: string
  /** What a permission rests on. */
  readonly basis?: string
  /** When the rule holds: its limits. */
  readonly conditions: readonly string[]
  readonly duties: readonly string[]
}

/** Prohibitions first, because they win. */
export function explainPolicy(policy: Policy, words: Words = {}): readonly ExplainedRule[] {
  return [
    ...policy.prohibition.map((rule) => explainProhibition(rule, policy, words)),
    ...policy.permission.map((rule) => explainPermission(rule, policy, words)),
  ]
}

function explainPermission(rule: Permission, policy: Policy, words: Words): ExplainedRule {
  const { basis: term, law } = rule.legal_basis
  const act = `${assignee(policy, words)} may ${actions[rule.action].verb} ${rule.target} for ${either(rule.purpose.map((purpose) => purposeWords(purpose, words)))}.`
  const basis = `It rests on ${legalBasis(term)?.label ?? term}${law === undefined ? '' : `: ${law}`}.`
  const fields = `Fields: ${Object.entries(rule.fields)
    .map(([name, mask]) => `${name} (${maskWords(mask, words)})`)
    .join(', ')}. Every other field is left out.`
  const conditions = (rule.constraint ?? []).map((constraint) => `Only if ${constraintWords(constraint, words)}.`)
  const duties = (rule.duty ?? []).map(dutyWords)
  return { rule: rule.uid, kind: 'permission', sentences: [act, basis, fields, ...conditions, ...duties], act, basis, conditions, duties }
}

function explainProhibition(rule: Prohibition, policy: Policy, words: Words): ExplainedRule {
  const what = rule.action === '*' ? 'use' : actions[rule.action].verb
  const fields = rule.fields === undefined ? '' : `${rule.fields.join(', ')} of `
  const target = rule.target === '*' ? 'any data' : rule.target
  const purpose = rule.purpose === undefined ? 'whatever the purpose' : `for ${either(rule.purpose.map((term) => purposeWords(term, words)))}`
  const act = `${assignee(policy, words)} may never ${what} ${fields}${target}, ${purpose}.`
  const conditions = (rule.constraint ?? []).map((constraint) => `This holds if ${constraintWords(constraint, words)}, or if that cannot be told.`)
  return { rule: rule.uid, kind: 'prohibition', sentences: [act, ...conditions], act, conditions, duties: [] }
}

/** A decision as one paragraph; codes become sentences, and personal values never occur in it. */
export function explainDecision(decision: Decision): readonly string[] {
  if (decision.outcome === 'deny') return ['Refused.', ...decision.reasons.map((reason) => sentence(reasonWords(reason)))]
  return [
    `Permitted by ${decision.rules.map(({ policy, rule }) => `rule ${rule} of policy ${policy}`).join(' and ')}.`,
    `Given: ${decision.fields.map(({ name, mask }) => `${name} (${maskWords(mask, {})})`).join(', ')}.`,
    ...decision.bases.map(({ rule, basis, law }) => `Rule ${rule} rests on ${legalBasis(basis)?.label ?? basis}${law === undefined ? '' : `: ${law}`}.`),
    ...decision.dropped.map(({ name, ...reason }) => `${name} is left out: ${reasonWords(reason)}.`),
    ...decision.obligations.map(({ duty }) => dutyWords(duty)),
    `A token lives at most ${decision.ttlMaxSeconds} seconds.`,
  ]
}

export function reasonWords({ code, rule, operand }: Reason): string {
  return `${reasonCodes[code].text}${rule === undefined ? '' : ` (rule ${rule}${operand === undefined ? '' : `, ${operand}`})`}`
}

const operatorWords = {
  eq: 'is',
  neq: 'is not',
  lt: 'is before',
  lteq: 'is at or before',
  gt: 'is after',
  gteq: 'is at or after',
  isA: 'is or is part of',
  isAnyOf: 'is one of',
}
const amountWords = { lt: 'less than', lteq: 'at most', gt: 'more than', gteq: 'at least' }

export function constraintWords(constraint: Constraint, words: Words = {}): string {
  if ('and' in constraint) return `(${constraint.and.map((member) => constraintWords(member, words)).join(' and ')})`
  if ('or' in constraint) return `(${constraint.or.map((member) => constraintWords(member, words)).join(' or ')})`
  return conditionWords(constraint, words)
}

function conditionWords(condition: Condition, words: Words): string {
  switch (condition.leftOperand) {
    case 'count': {
      const per = condition.per === 'subject' ? ' for each person' : ''
      return `it happens ${amountWords[condition.operator]} ${condition.rightOperand} times${condition.window === undefined ? '' : ` within ${durationWords(condition.window)}`}${per}`
    }
    case 'elapsedTime':
      return `${amountWords[condition.operator]} ${durationWords(condition.rightOperand)} have passed since access began`
    case 'dateTime':
      return `the time ${operatorWords[condition.operator]} ${condition.rightOperand}`
    case 'timeOfDay':
      return `the time of day ${operatorWords[condition.operator]} ${condition.rightOperand} UTC`
    case 'dayOfWeek':
      return `the day of the week ${operatorWords[condition.operator]} ${either([condition.rightOperand].flat())}`
    case 'purpose':
      return `the purpose ${operatorWords[condition.operator]} ${either([condition.rightOperand].flat().map((term) => purposeWords(term, words)))}`
    case 'recipient':
      return `the recipient ${operatorWords[condition.operator]} ${either([condition.rightOperand].flat().map((id) => partyWords(id, words)))}`
    case 'spatial':
      return `the place ${operatorWords[condition.operator]} ${either([condition.rightOperand].flat())}`
    case 'resultForm':
      return `the result ${operatorWords[condition.operator]} ${either([condition.rightOperand].flat())}`
    case 'linkage':
      return `the linkage ${operatorWords[condition.operator]} ${either([condition.rightOperand].flat())}`
    case 'standing':
      return `the partner’s standing ${operatorWords[condition.operator]} ${either([condition.rightOperand].flat())}`
  }
}

export function dutyWords(duty: Duty): string {
  switch (duty.action) {
    case 'log':
      return 'Each use is logged.'
    case 'delete':
      return `The data is deleted after ${durationWords(duty.after)}.`
    case 'inform': {
      const who = { subject: 'The person', controller: 'The controller', authority: 'The supervisory authority' }[duty.party]
      return `${who} is informed${duty.within === undefined ? '' : ` within ${durationWords(duty.within)}`}.`
    }
  }
}

const assignee = (policy: Policy, words: Words) => (policy.assignee === '*' ? 'Every partner' : partyWords(policy.assignee, words))
const partyWords = (id: string, words: Words) => words.party?.(id) ?? id
const purposeWords = (term: string, words: Words) => `${words.purposes?.get(term)?.label ?? labelOf(term)} (${term})`

function maskWords(mask: Mask, words: Words): string {
  if (words.mask !== undefined) return words.mask(mask)
  const { mask: kind, ...parameters } = mask
  return [kind.replaceAll('_', ' '), ...Object.entries(parameters).map(([name, value]) => `${name.replaceAll('_', ' ')} ${JSON.stringify(value)}`)].join(', ')
}

const either = (parts: readonly string[]) => parts.join(' or ')
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
