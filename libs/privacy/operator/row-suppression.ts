import type { Column, Dataset } from '@gatehouse/tabular/dataset'
import { z } from 'zod'
import { type Operator, OperatorError, selecting } from './operator.ts'
import { columnNamed, takeRows } from './table.ts'

const schema = z
  .strictObject({
    operator: z.literal('row_suppression'),
    /** Rows with one of these values go, written as the table writes them. */
    values: z.array(z.string()).min(1).max(10_000).optional(),
    missing: z.literal(true).optional(),
    below: z.number().optional(),
    above: z.number().optional(),
  })
  .refine((spec) => Object.keys(spec).length > 1, 'say which rows: values, missing, below or above')

type Spec = z.infer<typeof schema>

export const rowSuppression: Operator<Spec> = {
  kind: 'row_suppression',
  title: 'Takes rows out',
  schema,
  takes: 'column',
  disclosure: selecting('Rows are taken out by their values, so their absence tells something of the people in them.'),
  apply(table, columns, spec) {
    const tests = columns.map((name) => rowTest(columnNamed('row_suppression', table, name), spec))
    const kept = Int32Array.from(rowsWhere(table, (row) => !tests.some((goes) => goes(row))))
    if (kept.length === 0 && table.rowCount > 0) throw new OperatorError('nothing_left', 'row_suppression', 'no row is left; name fewer values', columns[0])
    return takeRows(table, kept)
  },
}

function rowTest(column: Column, { values, missing, below, above }: Spec): (row: number) => boolean {
  const listed = new Set(values)
  if (column.kind === 'dictionary') {
    if (below !== undefined || above !== undefined) {
      throw new OperatorError('not_numeric', 'row_suppression', 'below and above need numbers; declare the type as "integer" or "number"', column.field.name)
    }
    const goes = column.dictionary.map((text) => listed.has(text))
    return (row) => goes[column.codes[row] ?? -1] ?? missing === true
  }
  return (row) => {
    const value = column.values[row] ?? Number.NaN
    if (Number.isNaN(value)) return missing === true
    return listed.has(String(value)) || (below !== undefined && value < below) || (above !== undefined && value > above)
  }
}

function* rowsWhere(table: Dataset, keeps: (row: number) => boolean): Generator<number> {
  for (let row = 0; row < table.rowCount; row++) if (keeps(row)) yield row
}
