/** The kinds that the node's modules declare, and what the institution says of each. */
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Right } from '@gatehouse/runtime/door/operation'
import type { Reviewed, ReviewKind, ReviewKindName } from '@gatehouse/runtime/door/review-kind'
import { type RuleRow, rulesOf } from './store.ts'

const declared = (_: Node) => new Map<ReviewKindName, ReviewKind>()

/**
 * Once, when a node is put together: the kinds of all its modules (`reviewKinds` of `defineModule`).
 * @throws TypeError for a kind that two modules declare
 */
export function declareReviewKinds(node: Node, kinds: readonly ReviewKind[]): void {
  const known = node.of(declared)
  for (const kind of kinds) {
    if (known.has(kind.name)) throw new TypeError(`two modules declare reviews of the kind ${kind.name}`)
    known.set(kind.name, kind)
  }
}

export const kindsOf = (node: Node): ReviewKind[] => [...node.of(declared).values()]
export const kindNamed = (node: Node, name: ReviewKindName): ReviewKind | undefined => node.of(declared).get(name)

/** The right to ask for a review of the thing, where it belongs to a product or project in that. */
export function rightToAsk({ asks }: ReviewKind, thing: Reviewed | undefined): Right {
  return thing?.scope === undefined ? asks : { ...asks, resource: { ...asks.resource, scope: thing.scope } }
}

/** The kind of review that takes the place of an act of several people in this institution. */
export async function insteadOf(tx: Tx, node: Node, operation: string): Promise<ReviewKind | undefined> {
  const kind = kindsOf(node).find((one) => one.insteadOf === operation)
  return kind !== undefined && (await ruleFor(tx, kind)).demanded ? kind : undefined
}

export type Rule = Pick<RuleRow, 'panels' | 'deadline_days' | 'demanded'> & { readonly changed_at: RuleRow['changed_at'] | null }

export async function ruleFor(tx: Tx, kind: ReviewKind): Promise<Rule> {
  return ruleAmong(await rulesOf(tx), kind)
}

export function ruleAmong(rules: readonly RuleRow[], { name, panels, deadlineDays, optional }: ReviewKind): Rule {
  return rules.find(({ kind }) => kind === name) ?? { panels, deadline_days: deadlineDays, demanded: optional !== true, changed_at: null }
}
