/** Writing terms as the protocol has them: compact JSON-LD under its own context. */
import { actions } from './actions.ts'
import type { Constraint, Duty } from './document.ts'
import { names, vocabularies } from './odrl.ts'
import { dataspaceProfileIri } from './odrl-profile.ts'
import type { TermRule, Terms } from './odrl-terms.ts'

type Node = Readonly<Record<string, unknown>>

/** The members `permission`, `prohibition`, `obligation` and `profile` of an Offer or an Agreement, in the protocol's compact form. */
export function writeTerms({ permission, prohibition, obligation }: Terms): Node {
  const rules = (list: readonly TermRule[]) => (list.length === 0 ? undefined : list.map(ruleNode))
  return present({
    profile: dataspaceProfileIri,
    permission: rules(permission),
    prohibition: rules(prohibition),
    obligation: obligation.length === 0 ? undefined : obligation.map(dutyNode),
  })
}

function ruleNode({ action, constraint, target, assignee }: TermRule): Node {
  return present({
    action: action === 'use' ? 'use' : actions[action].iri,
    target,
    assignee,
    constraint: constraint.length === 0 ? undefined : constraint.map(constraintNode),
  })
}

function constraintNode(constraint: Constraint): Node {
  if ('and' in constraint) return { and: constraint.and.map(constraintNode) }
  if ('or' in constraint) return { or: constraint.or.map(constraintNode) }
  const { leftOperand, operator, rightOperand } = constraint
  return {
    leftOperand,
    operator,
    rightOperand: Array.isArray(rightOperand)
      ? rightOperand.map((one) => valueNode(leftOperand, one))
      : valueNode(leftOperand, rightOperand as string | number),
  }
}

/** The protocol's schemas have no place for a number on the right of an operator. */
function valueNode(operand: string, value: string | number): unknown {
  if (typeof value === 'number') return { '@value': String(value), '@type': 'http://www.w3.org/2001/XMLSchema#integer' }
  return operand === 'purpose' ? purposeIri(value) : value
}

function dutyNode(duty: Duty): Node {
  const elapsed = (text: string) => ({ leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: text })
  if (duty.action === 'delete') return { action: 'odrl:delete', constraint: [elapsed(duty.after)] }
  if (duty.action === 'log') throw new TypeError('what we log ourselves is nobody else’s obligation')
  return {
    action: 'odrl:inform',
    constraint: [{ leftOperand: 'recipient', operator: 'eq', rightOperand: duty.party }, ...(duty.within === undefined ? [] : [elapsed(duty.within)])],
  }
}

function purposeIri(name: string): string {
  const [prefix, local] = name.split(':') as [string, string | undefined]
  if (local === undefined) return names.purpose + name
  return Object.hasOwn(vocabularies, prefix) ? vocabularies[prefix as keyof typeof vocabularies] + local : name
}

function present(node: Node): Node {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined))
}
