/** A plan as somebody sent it, held against the language and against the tables that the project works with. */
import type { FieldProblem } from '@gatehouse/core/problem'
import { checkPlan, type Raised } from '@gatehouse/query/plan/check'
import { planHash } from '@gatehouse/query/plan/hash'
import { parsePlan } from '@gatehouse/query/plan/parse'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Project, Source } from '../../../governance/projects/index.ts'
import { type ForeignTables, foreignTablesOf } from '../parts/catalogue/foreign.ts'
import { type PlanTables, planTables, tablesOf } from '../tables.ts'

export type Checked =
  | {
      readonly ok: true
      /** The plan to keep: with the stricter role of plan and catalogue for each element. */
      readonly plan: QueryPlan
      readonly hash: string
      readonly raised: readonly Raised[]
      readonly tables: PlanTables
      /** Tables of other nodes, as those told of them. */
      readonly foreign: ForeignTables
    }
  | { readonly ok: false; readonly errors: readonly FieldProblem[]; readonly plan: QueryPlan | undefined }

export async function checkedPlanOf(
  node: Node,
  tx: Tx,
  { project, sources }: { readonly project: Pick<Project, 'id'>; readonly sources: readonly Source[] },
  document: unknown,
): Promise<Checked> {
  const parsed = parsePlan(document)
  if (!parsed.ok) return { ok: false, errors: parsed.errors, plan: undefined }
  const tables = await tablesOf(tx, parsed.value, sources)
  const foreign = await foreignTablesOf(tx, project.id, parsed.value)
  const check = checkPlan(parsed.value, planTables(tables, foreign))
  if (!check.ok) return { ok: false, errors: check.errors, plan: parsed.value }
  return { ok: true, plan: check.plan, hash: planHash(node.keys.primitives, check.plan), raised: check.raised, tables, foreign }
}
