/**
 * The terms of an offer or an agreement: what a policy of the institution comes to where it is offered to others, and what an agreement
 * with others comes to where it is kept. Whatever cannot be said in the closed profile is refused by its name, and never left out.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { instantMs } from '@gatehouse/core/instant'
import { type ActionName, actions } from './actions.ts'
import { type Answer, compileConstraint, type Facts } from './condition.ts'
import { type Condition, type Constraint, type Duty, type Policy, profileIri } from './document.ts'
import { isSharedOperand } from './odrl-profile.ts'
import { pointerOf } from './parse.ts'
import type { PurposeTree } from './purposes.ts'

type Node = Readonly<Record<string, unknown>>

export interface TermRule {
  /** `use` covers every act but handing over ownership. */
  readonly action: 'use' | ActionName
  /** Everything, or everybody, where none is named. */
  readonly target?: string
  readonly assignee?: string
  readonly constraint: readonly Constraint[]
}

export interface Terms {
  readonly permission: readonly TermRule[]
  readonly prohibition: readonly TermRule[]
  readonly obligation: readonly Duty[]
}

/** What kind of thing was not understood. Few, so that they can be counted. */
export const refusalKinds = ['member', 'profile', 'action', 'operand', 'operator', 'value', 'group', 'party', 'duty', 'size'] as const
export type RefusalKind = (typeof refusalKinds)[number]

export interface TermsRefusal {
  readonly kind: RefusalKind
  /** What was not understood, in the words of the document. */
  readonly name: string
  readonly pointer: string
  readonly detail: string
}

export type TermsReading = { readonly ok: true; readonly terms: Terms } | { readonly ok: false; readonly refused: readonly TermsRefusal[] }

/** The shared words for acts of the institution. */
export const sharedActions: ReadonlyMap<string, ActionName> = new Map<string, ActionName>(
  Object.values(actions).flatMap(({ name, iri }) => (iri.startsWith('odrl:') ? [[iri.slice('odrl:'.length), name as ActionName] as const] : [])),
)

/** What a policy of the institution offers of a table to whoever it names: the permissions to receive it, as permissions to use it. */
export function termsOfPolicy(policy: Policy, target: string): TermsReading {
  const refused: TermsRefusal[] = []
  const checked = (all: readonly Constraint[] | undefined, path: readonly PropertyKey[]): readonly Constraint[] => {
    // How a partner stands is what we know of it: it is asked at each step here, and nothing that the partner could keep to.
    const constraints = (all ?? []).filter((one) => !('leftOperand' in one && one.leftOperand === 'standing'))
    for (const condition of constraints.flatMap(conditionsIn)) {
      const unsaid = condition.leftOperand === 'count' && (condition.window !== undefined || condition.per !== 'rule')
      if (isSharedOperand(condition.leftOperand) && !unsaid) continue
      const detail = unsaid ? 'a count in a sliding time, or of each person, cannot be said in the profile' : 'this operand is not in the profile'
      refused.push({ kind: 'operand', name: condition.leftOperand, pointer: pointerOf(path), detail })
    }
    return constraints
  }
  const permission = policy.permission.flatMap((rule, at): TermRule[] => {
    if (rule.target !== target || rule.action !== 'release') return []
    return [{ action: 'use', constraint: [purposes(rule.purpose), ...checked(rule.constraint, ['permission', at, 'constraint'])] }]
  })
  const prohibition = policy.prohibition.flatMap((rule, at): TermRule[] => {
    // Fields that are withheld are no act that the receiver could do.
    if (rule.fields !== undefined || !['*', target].includes(rule.target) || !['*', 'release'].includes(rule.action)) return []
    return [
      {
        action: 'use',
        constraint: [...(rule.purpose === undefined ? [] : [purposes(rule.purpose)]), ...checked(rule.constraint, ['prohibition', at, 'constraint'])],
      },
    ]
  })
  const duties = policy.permission.filter((rule) => rule.target === target && rule.action === 'release').flatMap(({ duty }) => duty ?? [])
  const obligation = [...new Map(duties.filter(({ action }) => action !== 'log').map((duty) => [canonicalJson(duty), duty])).values()]
  return refused.length > 0 ? { ok: false, refused } : { ok: true, terms: { permission, prohibition, obligation } }
}

const purposes = (terms: readonly string[]): Condition => ({ leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: [...terms] })

function conditionsIn(constraint: Constraint): Condition[] {
  if ('and' in constraint) return constraint.and.flatMap(conditionsIn)
  return 'or' in constraint ? constraint.or.flatMap(conditionsIn) : [constraint]
}

export interface Adopted {
  readonly uid: string
  readonly title: string
  readonly assignee: string
  readonly target: string
  readonly fields: Readonly<Record<string, object>>
  readonly legal_basis: object
  /** For rules that name no purpose. */
  readonly purpose: readonly string[]
}

/** An agreement as a policy document of one's own, for `parsePolicy` to check: whoever received data keeps to it by the same engine. */
export function policyOfTerms({ permission, prohibition, obligation }: Terms, adopted: Adopted): Node {
  const { uid, title, assignee, target, fields, legal_basis, purpose } = adopted
  const parts = (rule: TermRule) => {
    const named = rule.constraint.find((one) => 'leftOperand' in one && one.leftOperand === 'purpose' && one.operator !== 'neq') as Condition | undefined
    const rest = rule.constraint.filter((one) => one !== named)
    return { purpose: named === undefined ? undefined : [named.rightOperand].flat(), constraint: rest.length === 0 ? undefined : rest }
  }
  const actionsOf = (action: TermRule['action']) => (action === 'use' ? 'release' : action)
  return {
    uid,
    type: 'Set',
    profile: profileIri,
    title,
    assignee,
    permission: permission.map((rule, at) => {
      const { purpose: own, constraint } = parts(rule)
      const duty = obligation.length === 0 ? undefined : obligation
      return present({ uid: `may-${at + 1}`, action: actionsOf(rule.action), target, purpose: own ?? purpose, legal_basis, fields, constraint, duty })
    }),
    prohibition: prohibition.map((rule, at) => present({ uid: `not-${at + 1}`, action: actionsOf(rule.action), target, ...parts(rule) })),
  }
}

/** Whether both say the same, in whatever order; who and what they are about is compared by whoever asks. */
export function sameTerms(left: Terms, right: Terms): boolean {
  const rule = ({ action, constraint }: TermRule) => `${action} ${constraint.map(canonicalJson).sort().join()}`
  const text = ({ permission, prohibition, obligation }: Terms) =>
    canonicalJson([permission.map(rule).sort(), prohibition.map(rule).sort(), obligation.map(canonicalJson).sort()])
  return text(left) === text(right)
}

export interface Asked {
  /** A word of ODRL. */
  readonly action: string
  readonly target: string
  readonly assignee: string
  readonly facts: Facts
}

/** Acts that hand over ownership; everything else is a way to use. */
const transfers = ['transfer', 'give', 'sell']

/** Rule by rule: does it speak now, of this act, target and party? `undefined` where a fact is missing. */
export function activeRules(terms: Terms, { action, target, assignee, facts }: Asked, tree: PurposeTree) {
  const active = (rule: TermRule, index: number): Answer => {
    const acts = rule.action === 'use' ? !transfers.includes(action) : sharedActions.get(action) === rule.action
    if (!acts || (rule.target ?? target) !== target || (rule.assignee ?? assignee) !== assignee) return false
    return compileConstraint({ and: rule.constraint }, { policy: 'terms', rule: String(index) }, tree).ask(facts)
  }
  return { permission: terms.permission.map(active), prohibition: terms.prohibition.map(active) }
}

/** Permitted by a rule, and prohibited by none; what is unknown opens nothing. */
export function termsPermit(terms: Terms, asked: Asked, tree: PurposeTree): boolean {
  const { permission, prohibition } = activeRules(terms, asked, tree)
  return permission.some((answer) => answer === true) && prohibition.every((answer) => answer === false)
}

/** When a permission of the terms ends by its own words, in milliseconds since 1970; `undefined` where none does. */
export function termsEndMs({ permission }: Terms): number | undefined {
  const ends = permission.map(({ constraint }) =>
    Math.min(
      ...constraint.flatMap((one) =>
        'leftOperand' in one && one.leftOperand === 'dateTime' && (one.operator === 'lt' || one.operator === 'lteq') ? [instantMs(one.rightOperand)] : [],
      ),
    ),
  )
  const last = Math.max(...ends)
  return Number.isFinite(last) ? last : undefined
}

function present(node: Node): Node {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined))
}
