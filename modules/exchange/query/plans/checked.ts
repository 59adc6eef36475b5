/** A plan as somebody sent it, held against the language and against the tables that the project works with. */
import type { FieldProblem } from '@gatehouse/core/problem'
import { planHash } from '@gatehouse/query/plan/hash'
import { type QueryPlan, queryPlanSchema } from '@gatehouse/query/plan/schema'
import type { Node } from '@gatehouse/runtime/door/node'
import { fieldProblems } from '@gatehouse/runtime/door/problem-of'

export type Checked = { readonly ok: true; readonly plan: QueryPlan; readonly hash: string } | { readonly ok: false; readonly errors: readonly FieldProblem[] }

export function checkedPlanOf(node: Node, document: unknown): Checked {
  const parsed = queryPlanSchema.safeParse(document)
  if (!parsed.success) return { ok: false, errors: fieldProblems(parsed.error) }
  return { ok: true, plan: parsed.data, hash: planHash(node.keys.primitives, parsed.data) }
}
