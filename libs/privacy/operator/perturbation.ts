import { type Column, type DictionaryColumn, missingCode } from '@gatehouse/tabular/dataset'
import { z } from 'zod'
import { below } from '../random/draw.ts'
import { type Operator, OperatorError, perturbing } from './operator.ts'
import { columnNamed, withColumns, withNumbers } from './table.ts'

const schema = z.strictObject({
  operator: z.literal('perturbation'),
  /** The farthest a value is moved: in the column's unit, for dates in days. */
  within: z.number().positive().max(1e9),
  /** Distances are multiples of this; whole days for dates. */
  step: z.number().positive().default(1),
})

/** Every distance from -within to +within on the steps is equally likely, none included. */
export const perturbation: Operator<z.infer<typeof schema>> = {
  kind: 'perturbation',
  title: 'Moves each value by a random distance within bounds',
  schema,
  takes: 'column',
  disclosure: perturbing('The true value surely lies within the bounds, so a bound that is narrow beside the gaps between people hides nobody.'),
  apply(table, columns, spec, random) {
    const steps = Math.floor(spec.within / spec.step + 1e-9)
    if (steps < 1) throw new OperatorError('bad_parameter', 'perturbation', 'within is smaller than step, so nothing would move', columns[0])
    if (!Number.isSafeInteger(2 * steps + 1))
      throw new OperatorError('bad_parameter', 'perturbation', 'within holds too many steps; widen the step', columns[0])
    const distance = () => below(random, 2 * steps + 1) - steps
    return withColumns(
      table,
      columns.map((name) => moved(columnNamed('perturbation', table, name), spec.step, distance)),
    )
  },
}

function moved(column: Column, step: number, distance: () => number): Column {
  if (column.kind === 'number') {
    const wholeSteps = Number.isInteger(step)
    return withNumbers(
      column,
      column.values.map((value) => (Number.isNaN(value) ? value : value + distance() * step)),
      wholeSteps ? column.field.type : 'number',
    )
  }
  if (column.field.type !== 'date') {
    throw new OperatorError('not_numeric', 'perturbation', `the column is read as ${column.field.type}; only numbers and dates can be moved`, column.field.name)
  }
  return movedDates(column, Math.max(1, Math.round(step)), distance)
}

const dayMs = 86_400_000

function movedDates(column: DictionaryColumn, step: number, distance: () => number): DictionaryColumn {
  const codeOf = new Map<string, number>()
  const codes = column.codes.map((code) => {
    const day = column.dictionary[code]
    if (day === undefined) return missingCode
    const text = new Date(Date.parse(day) + distance() * step * dayMs).toISOString().slice(0, 10)
    const known = codeOf.get(text) ?? codeOf.size
    if (known === codeOf.size) codeOf.set(text, known)
    return known
  })
  return { ...column, codes, dictionary: [...codeOf.keys()] }
}
