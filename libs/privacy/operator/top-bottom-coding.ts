import { z } from 'zod'
import { type Operator, OperatorError, recoding } from './operator.ts'
import { numbersNamed, withColumns, withNumbers } from './table.ts'

const schema = z
  .strictObject({
    operator: z.literal('top_bottom_coding'),
    top: z.number().optional(),
    bottom: z.number().optional(),
    /** This share of the rows at each given end is coded, in place of a fixed bound. */
    top_share: z.number().positive().max(0.5).optional(),
    bottom_share: z.number().positive().max(0.5).optional(),
  })
  .refine((spec) => Object.keys(spec).length > 1, 'name at least one of top, bottom, top_share, bottom_share')
  .refine((spec) => !(spec.top !== undefined && spec.top_share !== undefined), 'name top or top_share, not both')
  .refine((spec) => !(spec.bottom !== undefined && spec.bottom_share !== undefined), 'name bottom or bottom_share, not both')

export const topBottomCoding: Operator<z.infer<typeof schema>> = {
  kind: 'top_bottom_coding',
  title: 'Replaces what lies beyond a bound by the bound',
  schema,
  takes: 'column',
  disclosure: recoding('Values at a bound say "this much or more". A bound taken from a share is itself a value of the table.'),
  apply(table, columns, spec) {
    return withColumns(
      table,
      columns.map((name) => {
        const column = numbersNamed('top_bottom_coding', table, name)
        const sorted = column.values.filter((value) => !Number.isNaN(value)).sort()
        const top = spec.top ?? (spec.top_share === undefined ? Number.POSITIVE_INFINITY : quantile(sorted, 1 - spec.top_share))
        const bottom = spec.bottom ?? (spec.bottom_share === undefined ? Number.NEGATIVE_INFINITY : quantile(sorted, spec.bottom_share))
        if (bottom > top) throw new OperatorError('bad_parameter', 'top_bottom_coding', 'the bottom lies above the top', name)
        // NaN, the missing value, stays what it is under both.
        return withNumbers(
          column,
          column.values.map((value) => Math.min(top, Math.max(bottom, value))),
        )
      }),
    )
  },
}

/** The least value that at least the share of all values does not exceed (Hyndman and Fan 1996, definition 1). */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)] ?? Number.NaN
}
