/**
 * Whether a project may make such a result of a table now. An offer is a policy in force whose rules are about the table: one engine
 * decides it, two people publish it, and it is explained and compared like any other. Where nothing offers a table to the project, its
 * holder's admission of the project stands for an offer of anonymised rows and of figures; prohibitions hold in any case.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { type CompiledPolicy, compilePolicy } from '@gatehouse/policy/compile'
import { decide } from '@gatehouse/policy/decide'
import { type Linkage, type Policy, profileIri, type ResultForm } from '@gatehouse/policy/document'
import type { PurposeTree } from '@gatehouse/policy/purposes'
import { emptyWorld } from '@gatehouse/policy/question'
import type { Reason } from '@gatehouse/policy/reasons'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { currentPolicies, type PolicyInForce, purposeTree } from '../../../governance/policies/index.ts'
import type { OpenProject } from '../../../governance/projects/index.ts'

export interface OfferQuestion {
  readonly project: Pick<OpenProject, 'id' | 'purpose' | 'standing'>
  readonly form: ResultForm
  readonly linkage: Linkage
  /** A table of figures in place of rows. */
  readonly aggregated: boolean
  /** The columns that are used of it, those for linking too; all of the table's where none are named. */
  readonly columns?: readonly string[]
  readonly now: Instant
}

export type OfferDecision =
  | {
      readonly outcome: 'permit'
      /** The offers it rests on, as they were when it was decided; none where it rests on the admission alone. */
      readonly offers: readonly { readonly policy: Id<'policy'>; readonly version: number; readonly digest: string }[]
    }
  | { readonly outcome: 'deny'; readonly reasons: readonly (Reason & { readonly column?: string })[] }

/** The table, as the catalogue has it. */
export interface OfferedTable {
  readonly reference: string
  readonly columns: readonly { readonly name: string }[]
}

/** Whether a policy in force offers the table to the project, or to all. */
export const isOffer = ({ compiled: { policy, permissions } }: PolicyInForce, reference: string, project: Id<'project'>) =>
  ['*', project].includes(policy.assignee) && permissions.some(({ rule }) => rule.target === reference)

export async function offerDecision(tx: Tx, node: Node, table: OfferedTable, asked: OfferQuestion): Promise<OfferDecision> {
  const [inForce, purposes] = await Promise.all([currentPolicies(node, tx, asked.project.id), purposeTree(node, tx)])
  return decideOffer(inForce, purposes, table, asked)
}

/** Pure. */
export function decideOffer(inForce: readonly PolicyInForce[], purposes: PurposeTree, table: OfferedTable, asked: OfferQuestion): OfferDecision {
  const available = table.columns.map(({ name }) => name)
  const wanted = asked.columns ?? available
  const compiled = inForce.map((policy) => policy.compiled)
  const offering = inForce.some((policy) => isOffer(policy, table.reference, asked.project.id))
  const question = {
    action: asked.aggregated ? ('aggregate' as const) : ('query' as const),
    recipient: asked.project.id,
    recordType: table.reference,
    available,
    requested: wanted,
    purpose: asked.project.purpose,
    at: asked.now,
    resultForm: asked.form,
    linkage: asked.linkage,
    ...(asked.project.standing === undefined ? {} : { standing: asked.project.standing }),
  }
  const decision = decide(offering ? compiled : [...compiled, admission(table.reference, available, asked.project.purpose, purposes)], question, emptyWorld)
  if (decision.outcome === 'deny') return decision
  // A plan uses values as they are and treats what comes of them, so a column that may only be had masked may not be had.
  const missing = [
    ...decision.dropped.map(({ name, ...reason }) => ({ ...reason, column: name })),
    ...decision.fields
      .filter(({ mask }) => mask.mask !== 'keep')
      .map(({ name, policy, rule }) => ({ code: 'dropped_by_rule' as const, policy, rule, column: name })),
  ]
  if (missing.length > 0) return { outcome: 'deny', reasons: missing }
  const used = new Set(decision.rules.map(({ policy }) => policy))
  return {
    outcome: 'permit',
    offers: inForce.filter((policy) => used.has(policy.compiled.policy.uid)).map(({ policy, version, digest }) => ({ policy, version, digest })),
  }
}

/** No policy of an institution has a name in capitals. */
const admissionUid = 'ADMISSION'

/** What the admission of a project by the table's holder comes to, in the words of policies. */
function admission(target: string, columns: readonly string[], purpose: string, purposes: PurposeTree): CompiledPolicy {
  const rule = {
    target,
    purpose: [purpose],
    legal_basis: { basis: 'dpv:LegitimateInterest', law: 'the agreement of the project' },
    fields: Object.fromEntries(columns.map((name) => [name, { mask: 'keep' }])),
  }
  const policy: Policy = {
    uid: admissionUid,
    type: 'Set',
    profile: profileIri,
    title: 'Admitted',
    assignee: '*',
    permission: [
      { uid: 'figures', action: 'aggregate', ...rule },
      { uid: 'anonymised', action: 'query', ...rule, constraint: [{ leftOperand: 'resultForm', operator: 'eq', rightOperand: 'anonymised' }] },
    ],
    prohibition: [],
  }
  return compilePolicy(policy, purposes)
}
