import { z } from 'zod'
import { medianOf } from './aggregation.ts'
import { mdavGroups } from './mdav.ts'
import { type Operator, OperatorError } from './operator.ts'
import { completeNumbers, numbersNamed, withColumns, withNumbers } from './table.ts'

const schema = z.strictObject({
  operator: z.literal('microaggregation'),
  /** The least number of rows that share their values. */
  k: z.int().min(2).max(100_000),
  function: z.enum(['mean', 'median']).default('mean'),
})

/** The rows are grouped by all named columns together, each scaled to the same variance. Means of whole numbers are no whole numbers. */
export const microaggregation: Operator<z.infer<typeof schema>> = {
  kind: 'microaggregation',
  title: 'Replaces the values of at least k close rows by their mean or median',
  schema,
  takes: 'columns',
  disclosure: {
    voids: (role) => (role === 'quasi' ? ['population', 'differential_privacy'] : role === 'sensitive' ? ['distribution', 'differential_privacy'] : []),
    note: 'At least k rows share each combination of the treated columns. The shared value is close to, and no longer, each person’s own; columns that are not treated may still single people out.',
  },
  apply(table, columns, spec) {
    const numbers = columns.map((name) => completeNumbers('microaggregation', table, name))
    if (table.rowCount < spec.k) {
      throw new OperatorError('too_few_rows', 'microaggregation', `k is ${spec.k} and the table has ${table.rowCount} rows; lower k`, columns[0])
    }
    const groups = membersOf(mdavGroups(scaledPoints(numbers), numbers.length, spec.k))
    return withColumns(
      table,
      columns.map((name, index) => {
        const column = numbersNamed('microaggregation', table, name)
        const values = new Float64Array(table.rowCount)
        for (const rows of groups) {
          const own = Float64Array.from(rows, (row) => numbers[index]?.[row] ?? Number.NaN)
          const shared = spec.function === 'median' ? medianOf(own) : own.reduce((sum, value) => sum + value, 0) / own.length
          for (const row of rows) values[row] = shared
        }
        return withNumbers(column, values, 'number')
      }),
    )
  },
}

/** Row by row, each column to mean 0 and variance 1, so that no unit of measurement outweighs another. */
function scaledPoints(columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0
  const points = new Float64Array(rows * columns.length)
  for (const [dimension, values] of columns.entries()) {
    const mean = values.reduce((sum, value) => sum + value, 0) / rows
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows)
    for (let row = 0; row < rows; row++) points[row * columns.length + dimension] = deviation === 0 ? 0 : ((values[row] ?? 0) - mean) / deviation
  }
  return points
}

function membersOf(groupOf: Int32Array): number[][] {
  const groups: number[][] = []
  for (const [row, group] of groupOf.entries()) {
    const rows = groups[group]
    if (rows === undefined) groups[group] = [row]
    else rows.push(row)
  }
  return groups
}
