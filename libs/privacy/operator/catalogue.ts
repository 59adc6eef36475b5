/** All operators, in the order a person would look for them, and how a plan writes one. */
import { z } from 'zod'
import { aggregation } from './aggregation.ts'
import { cellSuppression } from './cell-suppression.ts'
import { columnSuppression } from './column-suppression.ts'
import { generalisation } from './generalisation.ts'
import { microaggregation } from './microaggregation.ts'
import { noiseAddition } from './noise-addition.ts'
import type { Operator } from './operator.ts'
import { permutation } from './permutation.ts'
import { perturbation } from './perturbation.ts'
import { pram } from './pram.ts'
import { rankSwapping } from './rank-swapping.ts'
import { rounding } from './rounding.ts'
import { rowSuppression } from './row-suppression.ts'
import { sampling } from './sampling.ts'
import { topBottomCoding } from './top-bottom-coding.ts'

const typed = [
  generalisation,
  columnSuppression,
  rowSuppression,
  cellSuppression,
  rounding,
  topBottomCoding,
  aggregation,
  microaggregation,
  noiseAddition,
  perturbation,
  pram,
  rankSwapping,
  permutation,
  sampling,
] as const

export type OperatorSpec = (typeof typed)[number] extends infer Each ? (Each extends Operator<infer Spec> ? Spec : never) : never
export type OperatorKind = OperatorSpec['operator']

/** Each operator is only ever given a specification that its own schema has read, which the compiler cannot see. */
export const operators = typed as readonly unknown[] as readonly Operator<OperatorSpec>[]

const byKind = new Map(operators.map((operator) => [operator.kind, operator]))

/** @throws RangeError for a kind that no schema lets through */
export function operatorOf(kind: OperatorKind): Operator<OperatorSpec> {
  const found = byKind.get(kind)
  if (found === undefined) throw new RangeError(`there is no operator ${kind}`)
  return found
}

export const operatorSchema = z.discriminatedUnion('operator', [
  generalisation.schema,
  columnSuppression.schema,
  rowSuppression.schema,
  cellSuppression.schema,
  rounding.schema,
  topBottomCoding.schema,
  aggregation.schema,
  microaggregation.schema,
  noiseAddition.schema,
  perturbation.schema,
  pram.schema,
  rankSwapping.schema,
  permutation.schema,
  sampling.schema,
] as never) as z.ZodType<OperatorSpec>
