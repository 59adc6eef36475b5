import { z } from 'zod'
import { shuffle } from '../random/draw.ts'
import { type Operator, perturbing } from './operator.ts'
import { columnNamed, groupsBy, withColumns } from './table.ts'

const schema = z.strictObject({
  operator: z.literal('permutation'),
  /** Values change places only among rows that agree in these columns. */
  within: z.array(z.string().min(1)).max(64).default([]),
})

export const permutation: Operator<z.infer<typeof schema>> = {
  kind: 'permutation',
  title: 'Puts the values into a random order',
  schema,
  takes: 'columns',
  disclosure: perturbing(
    'Every value still stands in the table, with another person. Columns permuted together keep their combinations. Groups of one or of equal values change nothing.',
  ),
  apply(table, columns, { within }, random) {
    const sources = columns.map((name) => columnNamed('permutation', table, name))
    const from = new Int32Array(table.rowCount)
    for (const rows of groupsBy('permutation', table, within)) {
      const order = shuffle(random, rows)
      for (const [index, row] of rows.entries()) from[row] = order[index] ?? row
    }
    return withColumns(
      table,
      sources.map((column) =>
        column.kind === 'number'
          ? { ...column, values: Float64Array.from(from, (row) => column.values[row] as number) }
          : { ...column, codes: from.map((row) => column.codes[row] as number) },
      ),
    )
  },
}
