/** The post-randomisation method (Gouweleeuw, Kooiman, Willenborg and De Wolf 1998). */
import { type DictionaryColumn, missingCode } from '@gatehouse/tabular/dataset'
import { z } from 'zod'
import type { RandomSource } from '../random/random.ts'
import { type Operator, OperatorError, perturbing } from './operator.ts'
import { codesNamed, withColumns } from './table.ts'
import { uniform } from './uniform.ts'

const probability = z.number().min(0).max(1)

const schema = z
  .strictObject({
    operator: z.literal('pram'),
    /** Each value stays with this probability, else one of the others is drawn, all alike. */
    keep: probability.optional(),
    /** For each value the probabilities of what becomes of it; what is not listed has none. */
    matrix: z.record(z.string(), z.record(z.string(), probability)).optional(),
    /** Frequencies stay as they are in expectation, whatever the matrix. */
    invariant: z.boolean().default(false),
  })
  .refine((spec) => (spec.keep === undefined) !== (spec.matrix === undefined), 'give either keep or matrix')

type Spec = z.infer<typeof schema>

export const pram: Operator<Spec> = {
  kind: 'pram',
  title: 'Replaces categories at random by known probabilities',
  schema,
  takes: 'column',
  disclosure: perturbing(
    'Each single value can be denied. With the probabilities, frequencies can be estimated, and so can a person’s value who stands in several releases.',
  ),
  apply(table, columns, spec, random) {
    return withColumns(
      table,
      columns.map((name) => randomised(codesNamed('pram', table, name), spec, random)),
    )
  },
}

function randomised(column: DictionaryColumn, spec: Spec, random: RandomSource): DictionaryColumn {
  const counts = countsOf(column)
  const chosen = transitionMatrix(column, counts, spec)
  const cumulative = chosen.map((row) => {
    let sum = 0
    return row.map((share) => (sum += share))
  })
  return { ...column, codes: column.codes.map((code) => (code === missingCode ? code : draw(cumulative[code] ?? [], random))) }
}

/** `matrix[from][to]`, over the dictionary's codes; each row sums to 1. */
export function transitionMatrix(column: DictionaryColumn, counts: readonly number[], spec: Spec): number[][] {
  const plain = spec.keep === undefined ? listed(column, spec.matrix ?? {}) : uniformlyAway(column.dictionary.length, spec.keep)
  return spec.invariant ? invariantOf(plain, counts) : plain
}

export function countsOf(column: DictionaryColumn): number[] {
  const counts = column.dictionary.map(() => 0)
  for (const code of column.codes) if (code !== missingCode) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

function uniformlyAway(size: number, keep: number): number[][] {
  return Array.from({ length: size }, (_, from) => Array.from({ length: size }, (_, to) => (size === 1 ? 1 : from === to ? keep : (1 - keep) / (size - 1))))
}

function listed(column: DictionaryColumn, matrix: NonNullable<Spec['matrix']>): number[][] {
  const fail = (what: string) => new OperatorError('bad_parameter', 'pram', what, column.field.name)
  const known = new Set(column.dictionary)
  if (Object.values(matrix).some((row) => Object.keys(row).some((to) => !known.has(to))))
    throw fail('the matrix leads to a value that the column does not have')
  const unlisted = column.dictionary.filter((text) => matrix[text] === undefined).length
  if (unlisted > 0) throw fail(`the matrix says nothing of ${unlisted} of the column’s values; give each a row`)
  return column.dictionary.map((from) => {
    const row = column.dictionary.map((to) => matrix[from]?.[to] ?? 0)
    if (Math.abs(row.reduce((sum, share) => sum + share, 0) - 1) > 1e-9) throw fail('the probabilities of each row of the matrix sum to 1')
    return row
  })
}

/**
 * R = P Q with Q the way back by Bayes' rule, q[to][from] = p[from][to] t[from] / sum over m of p[m][to] t[m]. Then t R = t: the
 * expected frequencies are the present ones t.
 */
function invariantOf(forward: readonly (readonly number[])[], counts: readonly number[]): number[][] {
  const reached = forward.map((_, to) => forward.reduce((sum, row, from) => sum + (row[to] ?? 0) * (counts[from] ?? 0), 0))
  return forward.map((row) =>
    forward.map((_, end) =>
      row.reduce((sum, share, middle) => {
        const total = reached[middle] ?? 0
        return total === 0 ? sum : sum + (share * (forward[end]?.[middle] ?? 0) * (counts[end] ?? 0)) / total
      }, 0),
    ),
  )
}

/** The last code takes what rounding leaves of the sum below 1. */
function draw(cumulative: readonly number[], random: RandomSource): number {
  const at = uniform(random) * (cumulative.at(-1) ?? 1)
  let [low, high] = [0, cumulative.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (at < (cumulative[middle] ?? 1)) high = middle
    else low = middle + 1
  }
  return low
}
