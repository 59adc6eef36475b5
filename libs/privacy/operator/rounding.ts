import { z } from 'zod'
import { type Operator, recoding } from './operator.ts'
import { numbersNamed, withColumns, withNumbers } from './table.ts'

const schema = z.strictObject({ operator: z.literal('rounding'), to: z.number().positive().max(1e12) })

export const rounding: Operator<z.infer<typeof schema>> = {
  kind: 'rounding',
  title: 'Rounds to the nearest multiple of a step',
  schema,
  takes: 'column',
  disclosure: recoding('Values are true to within half a step. A value that is rare after rounding still points at its person.'),
  apply(table, columns, { to }) {
    return withColumns(
      table,
      columns.map((name) => {
        const column = numbersNamed('rounding', table, name)
        return withNumbers(
          column,
          column.values.map((value) => onGrid(value, to)),
        )
      }),
    )
  },
}

/**
 * The nearest multiple of a step, halves away from zero so that a sign changes nothing. Below one, where 1 / step is whole, dividing by
 * that whole number keeps the decimals exact: 3 x 0.1 would be 0.30000000000000004.
 */
export function onGrid(value: number, step: number): number {
  const perUnit = Math.round(1 / step)
  const whole = step < 1 && Math.abs(perUnit * step - 1) < 1e-12
  const steps = Math.sign(value) * Math.round(whole ? Math.abs(value) * perUnit : Math.abs(value) / step)
  const rounded = whole ? steps / perUnit : steps * step
  return rounded === 0 ? 0 : rounded
}
