import { z } from 'zod'
import { sample } from '../random/draw.ts'
import { type Operator, OperatorError, selecting } from './operator.ts'
import { takeRows } from './table.ts'

const schema = z
  .strictObject({
    operator: z.literal('sampling'),
    share: z.number().positive().max(1).optional(),
    rows: z.int().min(1).optional(),
  })
  .refine((spec) => (spec.share === undefined) !== (spec.rows === undefined), 'give either share or rows')

/** Simple random sampling without replacement; the rows keep their order. */
export const sampling: Operator<z.infer<typeof schema>> = {
  kind: 'sampling',
  title: 'Keeps a random sample of the rows',
  schema,
  takes: 'rows',
  disclosure: selecting('Nobody can be sure whether a person stands in the sample. Who is known to stand in it is not protected by it.'),
  apply(table, _, spec, random) {
    const wanted = spec.rows ?? Math.floor((spec.share ?? 1) * table.rowCount)
    if (wanted > table.rowCount) throw new OperatorError('too_few_rows', 'sampling', `${wanted} rows are wanted and the table has ${table.rowCount}`)
    if (wanted === 0) throw new OperatorError('nothing_left', 'sampling', 'the share leaves no row; raise it')
    const drawn = sample(random, Array(table.rowCount).keys(), wanted)
    return takeRows(table, Int32Array.from(drawn).sort())
  },
}
