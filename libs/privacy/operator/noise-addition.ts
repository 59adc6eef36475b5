import { z } from 'zod'
import { type Operator, OperatorError, perturbing } from './operator.ts'
import { onGrid } from './rounding.ts'
import { numbersNamed, withColumns, withNumbers } from './table.ts'
import { normal } from './uniform.ts'

const schema = z
  .strictObject({
    operator: z.literal('noise_addition'),
    /** Standard deviation of the noise in the column's unit. */
    sd: z.number().positive().optional(),
    /** Standard deviation of the noise as a share of the column's own. */
    relative_sd: z.number().positive().max(10).optional(),
    /** Noise of several columns is correlated as the columns are, so that their correlations are kept (Brand 2002). */
    correlated: z.boolean().default(false),
    /** Results are multiples of this step. Without it 1 for whole numbers, else the power of ten below a hundredth of the noise. */
    grid: z.number().positive().optional(),
  })
  .refine((spec) => (spec.sd === undefined) !== (spec.relative_sd === undefined), 'give either sd or relative_sd')
  .refine((spec) => !spec.correlated || spec.relative_sd !== undefined, 'correlated noise takes relative_sd')

export const noiseAddition: Operator<z.infer<typeof schema>> = {
  kind: 'noise_addition',
  title: 'Adds random noise of normal distribution, on a grid',
  schema,
  takes: 'columns',
  disclosure: perturbing(
    'This is not differential privacy: the noise has no accounted bound, and averages over several releases take it off. An outlier stays an outlier.',
  ),
  apply(table, columns, spec, random) {
    const sources = columns.map((name) => numbersNamed('noise_addition', table, name))
    const deviations = sources.map(({ values }) => spec.sd ?? (spec.relative_sd ?? 0) * Math.sqrt(covariance(values, values)))
    const factor = spec.correlated ? cholesky(correlations(sources.map(({ values }) => values)), columns[0]) : identity(columns.length)
    const grids = sources.map(({ field }, index) => spec.grid ?? (field.type === 'integer' ? 1 : fineGrid(deviations[index] ?? 0)))
    const treated = sources.map(() => new Float64Array(table.rowCount))
    for (let row = 0; row < table.rowCount; row++) {
      const independent = columns.map(() => normal(random))
      for (const [index, { values }] of sources.entries()) {
        const noise = (factor[index] ?? []).reduce((sum, weight, other) => sum + weight * (independent[other] ?? 0), 0)
        const noisy = (values[row] ?? Number.NaN) + noise * (deviations[index] ?? 0)
        const target = treated[index]
        if (target !== undefined) target[row] = Number.isNaN(noisy) ? noisy : onGrid(noisy, grids[index] ?? 1)
      }
    }
    return withColumns(
      table,
      sources.map((column, index) => withNumbers(column, treated[index] ?? column.values, Number.isInteger(grids[index]) ? column.field.type : 'number')),
    )
  },
}

function fineGrid(deviation: number): number {
  return deviation === 0 ? 1 : 10 ** Math.floor(Math.log10(deviation / 100))
}

/** Over the rows that have both values. */
function covariance(left: Float64Array, right: Float64Array): number {
  let [count, sumLeft, sumRight] = [0, 0, 0]
  const both = (visit: (a: number, b: number) => void) => {
    for (const [row, a] of left.entries()) {
      const b = right[row] ?? Number.NaN
      if (!Number.isNaN(a) && !Number.isNaN(b)) visit(a, b)
    }
  }
  both((a, b) => {
    count++
    sumLeft += a
    sumRight += b
  })
  if (count < 2) return 0
  let sum = 0
  both((a, b) => {
    sum += (a - sumLeft / count) * (b - sumRight / count)
  })
  return sum / (count - 1)
}

function correlations(columns: readonly Float64Array[]): number[][] {
  const deviations = columns.map((values) => Math.sqrt(covariance(values, values)))
  return columns.map((left, i) =>
    columns.map((right, j) => {
      const product = (deviations[i] ?? 0) * (deviations[j] ?? 0)
      return i === j ? 1 : product === 0 ? 0 : covariance(left, right) / product
    }),
  )
}

function identity(size: number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)))
}

/** The lower triangle L with L Lᵀ = matrix. A column that others determine gets no noise of its own. */
function cholesky(matrix: readonly (readonly number[])[], column: string | undefined): number[][] {
  const lower = matrix.map((row) => row.map(() => 0))
  const entry = (i: number, j: number) => lower[i]?.[j] ?? 0
  for (const [i, row] of matrix.entries()) {
    for (let j = 0; j <= i; j++) {
      let rest = row[j] ?? 0
      for (let m = 0; m < j; m++) rest -= entry(i, m) * entry(j, m)
      const target = lower[i] as number[]
      if (i !== j) target[j] = entry(j, j) === 0 ? 0 : rest / entry(j, j)
      else if (rest < -1e-9)
        throw new OperatorError(
          'bad_parameter',
          'noise_addition',
          'missing values leave correlations that contradict each other; treat the columns one by one',
          column,
        )
      else target[j] = rest < 1e-12 ? 0 : Math.sqrt(rest)
    }
  }
  return lower
}
