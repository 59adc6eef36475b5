/**
 * A policy as an ODRL Set in JSON-LD and back, one to one. ODRL has no words for field masks and legal bases, so those stand
 * under this profile's own prefix (`gh:`) and DPV's; a reader who knows only ODRL sees who may do what with which data and when.
 */
import type { FieldProblem } from '@gatehouse/core/problem'
import { type ActionName, actions } from './actions.ts'
import { type Constraint, type Duty, type Permission, type Policy, type Prohibition, profileIri } from './document.ts'

type Node = Readonly<Record<string, unknown>>

/** Where the terms of purposes and legal bases come from. */
export const vocabularies = {
  dpv: 'https://w3id.org/dpv#',
  'sector-finance': 'https://w3id.org/dpv/sector/finance#',
  'sector-health': 'https://w3id.org/dpv/sector/health#',
  'eu-ehds': 'https://w3id.org/dpv/legal/eu/ehds#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
} as const

const context = ['http://www.w3.org/ns/odrl.jsonld', { gh: `${profileIri}#`, dct: 'http://purl.org/dc/terms/', ...vocabularies }] as const

/** What stands before the node's own names where they leave it. */
export const names = {
  policy: 'urn:gatehouse:policy:',
  party: 'urn:gatehouse:party:',
  data: 'urn:gatehouse:record-type:',
  purpose: 'urn:gatehouse:purpose:',
} as const

export function toOdrlSet(policy: Policy): Node {
  return present({
    '@context': context,
    '@type': 'Set',
    uid: names.policy + policy.uid,
    profile: policy.profile,
    'dct:title': policy.title,
    assigner: policy.assigner && names.party + policy.assigner,
    assignee: policy.assignee === '*' ? undefined : names.party + policy.assignee,
    'gh:tokenTtlMaxSeconds': policy.token_ttl_max_seconds,
    permission: policy.permission.map((rule) => permissionNode(rule, policy)),
    prohibition: policy.prohibition.map((rule) => prohibitionNode(rule, policy)),
  })
}

function permissionNode(rule: Permission, policy: Policy): Node {
  return present({
    ...ruleNode(rule, policy),
    'dpv:hasLegalBasis': rule.legal_basis.basis,
    'gh:law': rule.legal_basis.law,
    'gh:fields': rule.fields,
    duty: rule.duty?.map(dutyNode),
    'gh:tokenTtlMaxSeconds': rule.token_ttl_max_seconds,
  })
}

function prohibitionNode(rule: Prohibition, policy: Policy): Node {
  return present({ ...ruleNode(rule, policy), 'gh:withheldFields': rule.fields })
}

/** The rule's purposes are a constraint of their own, told from the others by its uid. */
function ruleNode(rule: Permission | Prohibition, policy: Policy): Node {
  const uid = `${names.policy}${policy.uid}#${rule.uid}`
  const purposes = rule.purpose && {
    uid: `${uid}/purpose`,
    leftOperand: 'purpose',
    operator: 'isAnyOf',
    rightOperand: { '@list': rule.purpose.map(purposeIri) },
  }
  const constraint = [...(purposes ? [purposes] : []), ...(rule.constraint ?? []).map(constraintNode)]
  return present({
    uid,
    'dct:title': rule.title,
    action: rule.action === '*' ? 'odrl:use' : actions[rule.action].iri,
    target: rule.target === '*' ? undefined : names.data + rule.target,
    constraint: constraint.length > 0 ? constraint : undefined,
  })
}

const dutyIris = { log: 'gh:log', delete: 'odrl:delete', inform: 'odrl:inform' } as const

function dutyNode(duty: Duty): Node {
  const { action, ...rest } = duty
  return { action: dutyIris[action], ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [`gh:${name}`, value])) }
}

/** `dayOfWeek`, `timeOfDay`, `resultForm`, `linkage` and `standing` are no operands of ODRL, and windows no part of its constraints. */
const ownOperands: readonly string[] = ['dayOfWeek', 'timeOfDay', 'resultForm', 'linkage', 'standing']

function constraintNode(constraint: Constraint): Node {
  if ('and' in constraint) return { and: { '@list': constraint.and.map(constraintNode) } }
  if ('or' in constraint) return { or: { '@list': constraint.or.map(constraintNode) } }
  const { leftOperand, operator, rightOperand } = constraint
  const right = (value: string | number) => (leftOperand === 'purpose' ? purposeIri(String(value)) : leftOperand === 'recipient' ? names.party + value : value)
  return present({
    leftOperand: ownOperands.includes(leftOperand) ? `gh:${leftOperand}` : leftOperand,
    operator,
    rightOperand: Array.isArray(rightOperand) ? { '@list': rightOperand.map(right) } : right(rightOperand as string | number),
    'gh:window': constraint.leftOperand === 'count' ? constraint.window : undefined,
    'gh:per': constraint.leftOperand === 'count' ? constraint.per : undefined,
  })
}

const purposeIri = (term: string) => (term.includes(':') ? term : names.purpose + term)

export type OdrlReading = { readonly ok: true; readonly document: Node } | { readonly ok: false; readonly errors: readonly FieldProblem[] }

/**
 * Turns a Set of this profile back into a policy document, for `parsePolicy` to check. Members this profile does not know are
 * carried over, so that parsing refuses them instead of losing them.
 */
export function fromOdrlSet(set: unknown): OdrlReading {
  if (!isNode(set) || set['@type'] !== 'Set') return fault('/@type', 'only a Set can become a policy')
  if (set.profile !== profileIri) return fault('/profile', `the Set must follow the profile ${profileIri}`)
  const { '@context': _, '@type': type, uid, assigner, assignee, permission, prohibition, ...rest } = set
  return {
    ok: true,
    document: present({
      ...ownNames(rest),
      type,
      uid: without(names.policy, uid),
      assigner: without(names.party, assigner),
      assignee: assignee === undefined ? '*' : without(names.party, assignee),
      permission: listOf(permission).map(readRule),
      prohibition: listOf(prohibition).map(readRule),
    }),
  }
}

const fault = (pointer: string, detail: string): OdrlReading => ({ ok: false, errors: [{ pointer, detail }] })

const documentNames: Readonly<Record<string, string>> = {
  'dct:title': 'title',
  'gh:tokenTtlMaxSeconds': 'token_ttl_max_seconds',
  'gh:fields': 'fields',
  'gh:withheldFields': 'fields',
}

function ownNames(node: Node): Node {
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [documentNames[name] ?? name, value]))
}

const actionOfIri = new Map<unknown, ActionName | '*'>([
  ['odrl:use', '*'],
  ...Object.entries(actions).map(([name, { iri }]) => [iri, name as ActionName] as const),
])

function readRule(node: unknown): unknown {
  if (!isNode(node)) return node
  const { uid, action, target, constraint, duty, 'dpv:hasLegalBasis': basis, 'gh:law': law, ...rest } = node
  const constraints = listOf(constraint)
  const purposes = constraints.find((one) => isNode(one) && one.uid === `${uid}/purpose`)
  const others = constraints.filter((one) => one !== purposes).map(readConstraint)
  return present({
    ...ownNames(rest),
    uid: String(uid).slice(String(uid).lastIndexOf('#') + 1),
    action: actionOfIri.get(action) ?? action,
    target: target === undefined ? '*' : without(names.data, target),
    purpose: isNode(purposes) ? listOf(purposes.rightOperand).map((term) => without(names.purpose, term)) : undefined,
    legal_basis: basis === undefined ? undefined : present({ basis, law }),
    constraint: others.length > 0 ? others : undefined,
    duty: duty === undefined ? undefined : listOf(duty).map(readDuty),
  })
}

function readDuty(node: unknown): unknown {
  if (!isNode(node)) return node
  const action = Object.entries(dutyIris).find(([, iri]) => iri === node.action)?.[0] ?? node.action
  return { ...withoutPrefix(node), action }
}

function readConstraint(node: unknown): unknown {
  if (!isNode(node)) return node
  if ('and' in node) return { ...node, and: listOf(node.and).map(readConstraint) }
  if ('or' in node) return { ...node, or: listOf(node.or).map(readConstraint) }
  const left = without('gh:', node.leftOperand)
  const right = (value: unknown) => (left === 'purpose' ? without(names.purpose, value) : left === 'recipient' ? without(names.party, value) : value)
  const { rightOperand } = node
  return { ...withoutPrefix(node), leftOperand: left, rightOperand: isNode(rightOperand) ? listOf(rightOperand).map(right) : right(rightOperand) }
}

function withoutPrefix(node: Node): Node {
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name.startsWith('gh:') ? name.slice(3) : name, value]))
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON-LD writes one value for a list of one, and ordered lists under `@list`. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  const inner = isNode(value) && '@list' in value ? value['@list'] : value
  return Array.isArray(inner) ? inner : [inner]
}

const without = (prefix: string, value: unknown): unknown => (typeof value === 'string' && value.startsWith(prefix) ? value.slice(prefix.length) : value)

function present(node: Node): Node {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined))
}
