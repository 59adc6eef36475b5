import type { Column, Dataset } from '@gatehouse/tabular/dataset'
import { z } from 'zod'
import { type Operator, recoding } from './operator.ts'
import { columnNamed, groupsBy, numbersNamed, takeRows, withColumns } from './table.ts'

const schema = z.strictObject({
  operator: z.literal('aggregation'),
  by: z.array(z.string().min(1)).max(64),
  function: z.enum(['mean', 'median', 'sum', 'count']),
  /** Whether every row keeps its place with its group's value, or each group becomes one row of its `by` columns and the aggregates. */
  rows: z.enum(['keep', 'one_per_group']).default('keep'),
})

type Spec = z.infer<typeof schema>

const functions: Readonly<Record<Spec['function'], (present: Float64Array) => number>> = {
  count: (present) => present.length,
  sum: (present) => present.reduce((sum, value) => sum + value, 0),
  mean: (present) => present.reduce((sum, value) => sum + value, 0) / present.length,
  median: medianOf,
}

/** Missing values are left out; a group without any value has no mean, median or sum. */
export const aggregation: Operator<Spec> = {
  kind: 'aggregation',
  title: 'Replaces values by one figure per group',
  schema,
  takes: 'columns',
  disclosure: recoding('A group of one shows its person’s own value, and a group of two shows each the other’s: check group sizes before release.'),
  apply(table, columns, spec) {
    const groups = groupsBy('aggregation', table, spec.by)
    const aggregated = columns.map((name) => aggregatedColumn(table, name, groups, spec.function))
    const treated = withColumns(table, aggregated)
    if (spec.rows === 'keep') return treated
    const first = Int32Array.from(groups, (rows) => rows[0] ?? 0)
    const kept = new Set([...spec.by, ...columns])
    const narrow: Dataset = { rowCount: treated.rowCount, columns: treated.columns.filter(({ field }) => kept.has(field.name)) }
    return takeRows(narrow, first)
  },
}

function aggregatedColumn(table: Dataset, name: string, groups: readonly Int32Array[], named: Spec['function']): Column {
  const column = named === 'count' ? columnNamed('aggregation', table, name) : numbersNamed('aggregation', table, name)
  const values = new Float64Array(table.rowCount)
  for (const rows of groups) {
    const present = Float64Array.from(rows, (row) =>
      column.kind === 'number' ? (column.values[row] ?? Number.NaN) : (column.codes[row] ?? -1) < 0 ? Number.NaN : 1,
    ).filter((value) => !Number.isNaN(value))
    const value = present.length === 0 && named !== 'count' ? Number.NaN : functions[named](present)
    for (const row of rows) values[row] = value
  }
  return { kind: 'number', field: { ...column.field, type: named === 'count' ? 'integer' : 'number' }, values }
}

/** The mean of the two middle values where their count is even. */
export function medianOf(values: Float64Array): number {
  const sorted = values.toSorted()
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
