import { type Column, missingCode } from '@gatehouse/tabular/dataset'
import { z } from 'zod'
import { type Operator, recoding } from './operator.ts'
import { columnNamed, withColumns } from './table.ts'

const schema = z
  .strictObject({
    operator: z.literal('cell_suppression'),
    values: z.array(z.string()).min(1).max(10_000).optional(),
    /** Values that stand in fewer rows than this. */
    rarer_than: z.int().min(2).optional(),
  })
  .refine((spec) => spec.values !== undefined || spec.rarer_than !== undefined, 'say which cells: values or rarer_than')

type Spec = z.infer<typeof schema>

export const cellSuppression: Operator<Spec> = {
  kind: 'cell_suppression',
  title: 'Empties cells with listed or rare values',
  schema,
  takes: 'column',
  disclosure: recoding('An emptied cell says that its value was listed or rare.'),
  apply(table, columns, spec) {
    return withColumns(
      table,
      columns.map((name) => emptied(columnNamed('cell_suppression', table, name), spec)),
    )
  },
}

function emptied(column: Column, { values, rarer_than = 0 }: Spec): Column {
  const listed = new Set(values)
  if (column.kind === 'dictionary') {
    const counts = new Int32Array(column.dictionary.length)
    for (const code of column.codes) if (code !== missingCode) counts[code] = (counts[code] ?? 0) + 1
    const goes = column.dictionary.map((text, code) => listed.has(text) || (counts[code] ?? 0) < rarer_than)
    return { ...column, codes: column.codes.map((code) => (goes[code] === true ? missingCode : code)) }
  }
  const counts = new Map<number, number>()
  for (const value of column.values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return { ...column, values: column.values.map((value) => (listed.has(String(value)) || (counts.get(value) ?? 0) < rarer_than ? Number.NaN : value)) }
}
