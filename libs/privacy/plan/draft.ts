/** A first plan for a table, for a person to correct: roles from headings and values, hierarchies from what the columns hold. */
import { type Column, columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import type { Semantic } from '@gatehouse/tabular/field'
import { proposeRoles } from '@gatehouse/tabular/roles'
import type { z } from 'zod'
import type { Role } from '../operator/operator.ts'
import type { ColumnHierarchy, ColumnPlan, planSchema } from './schema.ts'

export type PlanDraft = z.input<typeof planSchema>

const roleOf = { direct_identifier: 'identifying', quasi_identifier: 'quasi', sensitive: 'sensitive', plain: 'insensitive' } as const satisfies Record<
  string,
  Role
>

/** Asks for 5-anonymity with at most 2 % of the rows suppressed; the numbers are for a person to set. */
export function draftPlan(dataset: Dataset): PlanDraft {
  const columns = proposeRoles(dataset).map(({ column, sensitivity, semantic }): [string, ColumnPlan] => {
    const role = roleOf[sensitivity]
    const found = columnOf(dataset, column)
    const hierarchy = role === 'quasi' ? hierarchyOf(found, semantic) : undefined
    const type = found.field.type === 'string' ? {} : { type: found.field.type }
    return [column, { role, ...type, ...(hierarchy === undefined ? {} : { hierarchy }) }]
  })
  return { version: 1, columns: Object.fromEntries(columns), models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.02 }
}

function hierarchyOf(column: Column, semantic: Semantic | undefined): ColumnHierarchy | undefined {
  if (column.kind === 'number') return { kind: 'interval', widths: widthsFor(column.values) }
  if (column.field.type === 'date') return { kind: 'date', spans: ['month', 'year', 'decade'] }
  return semantic === 'postcode' ? { kind: 'mask', from: 'right' } : undefined
}

/** Three widths of 1, 2, 5 and powers of ten that part the range into about 20, 10 and 4 intervals. */
function widthsFor(values: Float64Array): number[] {
  const present = values.filter((value) => !Number.isNaN(value))
  const range =
    present.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) -
    present.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  if (!(range > 0)) return [1]
  const power = 10 ** Math.floor(Math.log10(range / 20))
  const first = [1, 2, 5, 10].find((step) => step * power >= range / 20) ?? 10
  return [1, 2, 6].map((times) => Number((first * power * times).toPrecision(6)))
}
