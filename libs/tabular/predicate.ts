/** Which rows are meant, as JSON: what a plan filters by, what a source is asked for, and what a cohort is. */
import { z } from 'zod'

export const predicateDepthMax = 8
export const predicateItemsMax = 64
export const predicateValuesMax = 1_000

const column = z.string().min(1).max(200).meta({ description: 'A column; where there are several tables, `table.column`.' })
const scalar = z.union([z.string().max(1_000), z.number(), z.boolean()])

export const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const

export type Predicate =
  | { readonly column: string; readonly is: (typeof comparisons)[number]; readonly value: string | number | boolean }
  | { readonly column: string; readonly in: readonly (string | number | boolean)[] }
  | { readonly column: string; readonly starts_with: string }
  | { readonly column: string; readonly missing: boolean }
  | { readonly all: readonly Predicate[] }
  | { readonly any: readonly Predicate[] }
  | { readonly not: Predicate }

/**
 * A comparison with a missing value is false, and so is its opposite (`ne`): only `missing` speaks of what is not there. `not` is plain
 * negation of what is inside. Dates and instants compare by their ISO 8601 text, numbers by value, everything else by code units.
 */
export const predicateSchema: z.ZodType<Predicate, Predicate> = z
  .lazy(() =>
    z.union([
      z.strictObject({ column, is: z.enum(comparisons), value: scalar }),
      z.strictObject({ column, in: z.array(scalar).min(1).max(predicateValuesMax) }),
      z.strictObject({ column, starts_with: z.string().min(1).max(200) }),
      z.strictObject({ column, missing: z.boolean() }),
      z.strictObject({ all: z.array(predicateSchema).min(1).max(predicateItemsMax) }),
      z.strictObject({ any: z.array(predicateSchema).min(1).max(predicateItemsMax) }),
      z.strictObject({ not: predicateSchema }),
    ]),
  )
  .meta({ id: 'Predicate' })
