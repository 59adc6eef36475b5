import { z } from 'zod'
import type { Operator } from './operator.ts'
import { columnNamed, withoutColumns } from './table.ts'

const schema = z.strictObject({ operator: z.literal('column_suppression') })

export const columnSuppression: Operator<z.infer<typeof schema>> = {
  kind: 'column_suppression',
  title: 'Takes the column out',
  schema,
  takes: 'columns',
  disclosure: { voids: () => [], note: 'Nothing of the column is left, but other columns may still let its values be guessed.' },
  apply(table, columns) {
    for (const name of columns) columnNamed('column_suppression', table, name)
    return withoutColumns(table, columns)
  },
}
