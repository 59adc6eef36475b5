/** Reading what others wrote. ODRL's terms may come with a prefix, whole, or bare; whatever the profile does not know is refused by its name. */
import { parseInstant } from '@gatehouse/core/instant'
import { type Constraint, conditionSchema, type Duty, limits, profileIri } from './document.ts'
import { durationSeconds } from './duration.ts'
import { names, vocabularies } from './odrl.ts'
import { constraintsMax, dataspaceProfileIri, isSharedOperand, rulesMax } from './odrl-profile.ts'
import { type RefusalKind, sharedActions, type TermRule, type Terms, type TermsReading, type TermsRefusal } from './odrl-terms.ts'
import { pointerOf } from './parse.ts'

type Node = Readonly<Record<string, unknown>>

/** Of the policy, and so of each of its rules that names none itself. */
interface Whole {
  readonly target: string | undefined
  readonly assignee: string | undefined
}
const odrl = 'http://www.w3.org/ns/odrl/2/'
const nameMax = 80
const textMax = 500

/** A term of ODRL, however it is written; anything else as it stands. */
function term(text: string): string {
  if (text.startsWith(odrl)) return text.slice(odrl.length)
  return text.startsWith('odrl:') ? text.slice('odrl:'.length) : text
}

/** What says nothing of who may do what. */
const describing = (name: string) => name.startsWith('dct:') || name.startsWith('http://purl.org/dc/terms/')

const policyMembers = ['@context', '@id', '@type', 'uid', 'profile', 'permission', 'prohibition', 'obligation', 'target', 'assigner', 'assignee', 'timestamp']
const ruleMembers = ['@id', '@type', 'uid', 'action', 'constraint', 'target', 'assignee', 'assigner']
const policyTypes = ['Set', 'Offer', 'Agreement']

/** Reads a Set, an Offer or an Agreement. */
export function readTerms(policy: unknown): TermsReading {
  const reader = new Reader()
  const terms = reader.policy(policy)
  return reader.refused.length > 0 || terms === undefined ? { ok: false, refused: reader.refused } : { ok: true, terms }
}

class Reader {
  readonly refused: TermsRefusal[] = []
  #constraints = 0

  #refuse(kind: RefusalKind, name: unknown, path: readonly PropertyKey[], detail: string): undefined {
    const said = typeof name === 'string' ? name : name === undefined ? '(none)' : (JSON.stringify(name) ?? '(none)')
    this.refused.push({ kind, name: said.slice(0, nameMax), pointer: pointerOf(path), detail })
    return undefined
  }

  policy(value: unknown): Terms | undefined {
    if (!isNode(value)) return this.#refuse('member', value, [], 'a policy is a JSON object')
    const { node, place } = this.#members(value, policyMembers, [], 'a policy')
    const type = term(String(node['@type'] ?? ''))
    if (!policyTypes.includes(type)) this.#refuse('member', node['@type'], ['@type'], 'a policy is a Set, an Offer or an Agreement')
    for (const profile of listOf(node.profile)) {
      if (profile !== dataspaceProfileIri && profile !== profileIri)
        this.#refuse('profile', profile, place('profile'), `only ${dataspaceProfileIri} is understood`)
    }
    const whole: Whole = { target: this.#party(node.target, place('target')), assignee: this.#party(node.assignee, place('assignee')) }
    const rules = (kind: 'permission' | 'prohibition') => {
      const found = listOf(node[kind])
      if (found.length > rulesMax) this.#refuse('size', kind, place(kind), `a policy has at most ${rulesMax} of them`)
      return found.slice(0, rulesMax).flatMap((rule, at) => this.#rule(rule, whole, [...place(kind), at]) ?? [])
    }
    return {
      permission: rules('permission'),
      prohibition: rules('prohibition'),
      obligation: listOf(node.obligation)
        .slice(0, limits.dutiesMax)
        .flatMap((duty, at) => this.#duty(duty, [...place('obligation'), at]) ?? []),
    }
  }

  /** The members by their terms, and where each stood. Members that the profile does not know are refused. */
  #members(value: Node, known: readonly string[], path: readonly PropertyKey[], what: string) {
    const node: Record<string, unknown> = {}
    const places = new Map<string, string>()
    for (const [name, member] of Object.entries(value)) {
      if (describing(name)) continue
      const own = term(name)
      if (!known.includes(own))
        this.#refuse('member', name, [...path, name], `${what} of this profile has ${known.filter((one) => !one.startsWith('@')).join(', ')}`)
      else {
        node[own] = member
        places.set(own, name)
      }
    }
    return { node, place: (name: string): readonly PropertyKey[] => [...path, places.get(name) ?? name] }
  }

  #party(value: unknown, path: readonly PropertyKey[]): string | undefined {
    if (value === undefined) return undefined
    const name = isNode(value) && Object.keys(value).length === 1 ? value['@id'] : value
    if (typeof name === 'string' && name.length > 0 && name.length <= textMax) return name
    return this.#refuse(
      'party',
      isNode(value) ? term(String(value['@type'] ?? '')) : value,
      path,
      'one target or party is named by its id; collections are listed one by one',
    )
  }

  #rule(value: unknown, whole: Whole, path: readonly PropertyKey[]): TermRule | undefined {
    if (!isNode(value)) return this.#refuse('member', value, path, 'a rule is a JSON object')
    if ('duty' in value || 'odrl:duty' in value || `${odrl}duty` in value) {
      return this.#refuse('duty', dutyName(value), path, 'a permission that waits for a duty cannot be decided here; say it as an obligation')
    }
    const { node, place } = this.#members(value, ruleMembers, path, 'a rule')
    const action = this.#action(node.action, place('action'))
    const target = this.#party(node.target, place('target')) ?? whole.target
    const assignee = this.#party(node.assignee, place('assignee')) ?? whole.assignee
    const constraint = listOf(node.constraint).flatMap((one, at) => this.#constraint(one, [...place('constraint'), at], 1) ?? [])
    if (action === undefined) return undefined
    return { action, ...(target === undefined ? {} : { target }), ...(assignee === undefined ? {} : { assignee }), constraint }
  }

  #action(value: unknown, path: readonly PropertyKey[]): TermRule['action'] | undefined {
    const name = term(idOf(value))
    const found = name === 'use' ? 'use' : sharedActions.get(name)
    return (
      found ?? this.#refuse('action', value === undefined ? undefined : name, path, `a rule names one action: use, ${[...sharedActions.keys()].join(', ')}`)
    )
  }

  #constraint(value: unknown, path: readonly PropertyKey[], depth: number): Constraint | undefined {
    if (!isNode(value)) return this.#refuse('member', value, path, 'a constraint is a JSON object')
    if (++this.#constraints > constraintsMax) {
      return this.#constraints === constraintsMax + 1
        ? this.#refuse('size', 'constraint', path, `a policy has at most ${constraintsMax} constraints`)
        : undefined
    }
    const group = Object.keys(value).find((name) => ['and', 'or', 'xone', 'andSequence'].includes(term(name)))
    if (group !== undefined) {
      const kind = term(group)
      if (kind !== 'and' && kind !== 'or') return this.#refuse('group', kind, [...path, group], 'groups are "and" and "or"')
      if (depth > limits.groupDepthMax) return this.#refuse('size', kind, path, `groups nest at most ${limits.groupDepthMax} deep`)
      this.#members(value, ['@id', '@type', 'uid', kind], path, 'a group')
      const members = listOf(value[group])
      if (members.length === 0) return this.#refuse('group', kind, [...path, group], 'a group has at least one member')
      const read = members.flatMap((member, at) => this.#constraint(member, [...path, group, at], depth + 1) ?? [])
      return kind === 'and' ? { and: read } : { or: read }
    }
    const { node, place } = this.#members(value, ['@id', '@type', 'uid', 'leftOperand', 'operator', 'rightOperand'], path, 'a constraint')
    const leftOperand = term(idOf(node.leftOperand))
    if (!isSharedOperand(leftOperand)) return this.#refuse('operand', node.leftOperand, place('leftOperand'), 'this operand is not in the profile')
    const operator = term(idOf(node.operator))
    const several = Array.isArray(node.rightOperand) || (isNode(node.rightOperand) && '@list' in node.rightOperand) || operator === 'isAnyOf'
    const right = listOf(node.rightOperand).map((one) => readValue(leftOperand, one))
    const read = conditionSchema.safeParse({ leftOperand, operator, rightOperand: several ? right : right[0] })
    if (read.success) return read.data
    const [issue] = read.error.issues
    const member = issue?.path[0] === 'operator' ? 'operator' : 'rightOperand'
    return this.#refuse(member === 'operator' ? 'operator' : 'value', node[member], place(member), issue?.message ?? 'this is not understood')
  }

  #duty(value: unknown, path: readonly PropertyKey[]): Duty | undefined {
    const named = isNode(value) ? this.#members(value, ['@id', '@type', 'uid', 'action', 'constraint'], path, 'an obligation').node : {}
    const said = new Map<string, string>()
    for (const one of listOf(named.constraint)) {
      if (isNode(one)) said.set(`${term(idOf(one.leftOperand))} ${term(idOf(one.operator))}`, idOf(one.rightOperand))
    }
    const within = said.get('elapsedTime lteq')
    const party = said.get('recipient eq')
    const action = term(idOf(named.action))
    const whole = said.size === listOf(named.constraint).length && (within === undefined || durationSeconds(within) !== undefined)
    if (whole && action === 'delete' && within !== undefined && said.size === 1) return { action, after: within }
    if (
      whole &&
      action === 'inform' &&
      (party === 'subject' || party === 'controller' || party === 'authority') &&
      said.size === (within === undefined ? 1 : 2)
    ) {
      return { action, party, ...(within === undefined ? {} : { within }) }
    }
    return this.#refuse('duty', action, path, 'obligations are odrl:delete and odrl:inform, as the profile writes them')
  }
}

function dutyName(rule: Node): string {
  const [duty] = listOf(rule.duty ?? rule['odrl:duty'] ?? rule[`${odrl}duty`])
  return term(idOf(isNode(duty) ? (duty.action ?? duty['odrl:action'] ?? duty[`${odrl}action`]) : duty))
}

/** A value as our own conditions have it; what cannot be read is handed on, and refused there. */
function readValue(operand: string, value: unknown): unknown {
  const text = isNode(value) && '@value' in value ? value['@value'] : idOf(value)
  if (typeof text !== 'string') return text
  switch (operand) {
    case 'dateTime':
      return parseInstant(text.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?=Z|[+-])/, '$1:00')) ?? text
    case 'count':
      return /^\d{1,10}$/.test(text) ? Number(text) : text
    case 'purpose':
      return purposeTerm(text)
    case 'recipient':
      return text.startsWith(names.party) ? text.slice(names.party.length) : text
    default:
      return text
  }
}

function purposeTerm(iri: string): string {
  if (iri.startsWith(names.purpose)) return iri.slice(names.purpose.length)
  const found = Object.entries(vocabularies).find(([, base]) => iri.startsWith(base))
  return found === undefined ? iri : `${found[0]}:${iri.slice(found[1].length)}`
}
const idOf = (value: unknown): string => String((isNode(value) ? (value['@id'] ?? value['@value']) : value) ?? '')
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  const inner = isNode(value) && '@list' in value ? value['@list'] : value
  return Array.isArray(inner) ? inner : [inner]
}
