/** How the columns of a table are read for a plan. */
import type { Field, FieldType, Sensitivity } from '@gatehouse/tabular/field'
import type { Role } from '../operator/operator.ts'
import { PlanError } from './error.ts'
import type { ColumnPlan, Plan } from './schema.ts'

const sensitivityOf: Readonly<Record<Role, Sensitivity>> = {
  identifying: 'direct_identifier',
  quasi: 'quasi_identifier',
  sensitive: 'sensitive',
  insensitive: 'plain',
}

/**
 * The fields of the columns that the plan treats, in the table's order.
 *
 * @param natural the type that a column has by itself, where the table's format knows one
 * @throws PlanError `missing_column` for one that the table lacks, `unplanned_column` for one that the plan neither names nor leaves out
 */
export function planFields(plan: Plan, columns: readonly string[], natural: (column: string) => FieldType = () => 'string'): Field[] {
  const missing = Object.keys(plan.columns).filter((name) => !columns.includes(name))
  if (missing.length > 0) {
    throw new PlanError('missing_column', `the table has no column ${quoted(missing)}, which the plan names; it has ${quoted(columns)}`, '/columns')
  }
  const unplanned = columns.filter((name) => !Object.hasOwn(plan.columns, name))
  if (unplanned.length > 0 && plan.other_columns === 'refuse') {
    throw new PlanError(
      'unplanned_column',
      `the plan says nothing of column ${quoted(unplanned)}; give each a role, or say "other_columns": "leave_out"`,
      '/columns',
    )
  }
  return columns.flatMap((name) => {
    const planned = plan.columns[name]
    if (planned === undefined) return []
    return [{ name, type: typeOf(planned, natural(name)), sensitivity: sensitivityOf[planned.role], nullable: true }]
  })
}

/** Intervals are of numbers and spans of days, so their columns need not say so. */
function typeOf({ type, hierarchy }: ColumnPlan, natural: FieldType): FieldType {
  if (type !== undefined) return type
  if (hierarchy?.kind === 'interval') return natural === 'integer' ? 'integer' : 'number'
  return hierarchy?.kind === 'date' ? 'date' : natural
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name))
  return shown.join(', ') + (names.length > shown.length ? ` and ${names.length - shown.length} more` : '')
}
