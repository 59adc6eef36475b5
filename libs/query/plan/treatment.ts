import type { Plan as TreatmentPlan } from '@gatehouse/privacy/plan/schema'
import type { PlanElement, QueryPlan } from './schema.ts'

/** The column that a pseudonymised result has besides its elements. */
export const personColumn = 'person'

/** The treatment plan of `@gatehouse/privacy` that the query plan has in two pieces; `undefined` where nothing is treated. */
export function treatmentPlanOf(plan: QueryPlan): TreatmentPlan | undefined {
  if (plan.treatment === undefined) return undefined
  const columns = Object.fromEntries(plan.elements.map((element) => [element.name, columnPlanOf(element)]))
  return { version: 1, other_columns: 'refuse', ...plan.treatment, columns }
}

/** A pseudonym of this project for each person; figures have none. */
export function hasPersonColumn(plan: QueryPlan): boolean {
  return plan.form === 'pseudonymised' && plan.aggregation === undefined
}

function columnPlanOf({ name: _name, source: _source, column: _column, reduce: _reduce, ...planned }: PlanElement): TreatmentPlan['columns'][string] {
  return planned
}
