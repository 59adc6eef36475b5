/**
 * By what the people of each table are told apart in a plan. Of two results about one table whose words for it are the same, the same
 * people have the same digests, so their cohorts can be compared; of others nobody can say whether they are about the same.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { sourceColumnOf } from '../plan/check.ts'
import { unitOf } from '../plan/nodes.ts'
import type { QueryPlan } from '../plan/schema.ts'
import type { PlanTable } from '../plan/table.ts'
import { keyFieldsOf, passesOf, rowDigestsOf } from './plan-steps.ts'

/** By the table, as the plan names it; `null` where nothing tells its people or rows apart, or nothing does so again after a session. */
export type ToldApart = Readonly<Record<string, string | null>>

export function toldApart(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>): ToldApart {
  const { linkage } = plan
  const by = (as: string) => (linkage === undefined ? rowsBy(tables.get(as)) : linkage.method.kind === 'session' ? null : keysBy(plan, tables, as))
  return Object.fromEntries(plan.sources.map(({ as, table }) => [table, by(as)]))
}

function rowsBy(table: PlanTable | undefined): string | null {
  const digests = table && rowDigestsOf(table)
  return digests === undefined ? null : canonicalJson({ [digests.by]: [...digests.columns] })
}

/** Keys are read after they are prepared: the same column, coded by a list, tells people apart otherwise. */
function keysBy(plan: QueryPlan, tables: ReadonlyMap<string, PlanTable>, as: string): string {
  const passes = passesOf(plan, tables, as).map(({ id, fields }) => ({
    id,
    fields: fields.map(({ column, form, order = null }) => ({ column: sourceColumnOf(plan, as, column), form, order })),
  }))
  const encoded = (unitOf(plan) === undefined ? [] : keyFieldsOf(plan, tables, as)).map(({ name, column, form, order = null }) => ({
    name,
    column: sourceColumnOf(plan, as, column),
    form,
    order,
  }))
  const columns = new Set([...passes.flatMap(({ fields }) => fields), ...encoded].map(({ column }) => column))
  const changes = (plan.prepare[as] ?? []).filter((step) => step.do !== 'rename' && step.do !== 'require' && columns.has(sourceColumnOf(plan, as, step.column)))
  // Digests beside encodings are each node's own, so a person is told by the first source that has them.
  const through = unitOf(plan) === undefined ? {} : { encoded, sources: plan.sources.map(({ table }) => table) }
  return canonicalJson({ passes, changes, ...through } as never)
}
