/**
 * What an operator is: it changes named columns of a table, and says which promises about the table can no longer be made.
 * A plan runs operators before the search for a generalisation, so a model speaks of the values they leave behind.
 */
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { z } from 'zod'
import type { RandomSource } from '../random/random.ts'

/**
 * Models by what their promise rests on:
 * - `class_size`: how many rows look alike (k-anonymity, sample risk and uniqueness);
 * - `population`: the same values in a population table or a known share of a population (k-map, delta-presence, population uniqueness);
 * - `distribution`: how a sensitive attribute is spread within a class (l-diversity, t-closeness, delta-disclosure, beta-likeness);
 * - `differential_privacy`: the whole way from the records to the output.
 */
export const modelFamilies = ['class_size', 'population', 'distribution', 'differential_privacy'] as const
export type ModelFamily = (typeof modelFamilies)[number]

export type Role = 'quasi' | 'sensitive' | 'identifying' | 'insensitive'

export interface Disclosure {
  /** Families of which no promise can be made once a column of the role has been treated. */
  voids(role: Role): readonly ModelFamily[]
  /** Why, and what the operator does not hide; one or two sentences for reports. */
  readonly note: string
}

export interface Operator<Spec extends { readonly operator: string }> {
  readonly kind: Spec['operator']
  /** What happens, as a person would say it. */
  readonly title: string
  readonly schema: z.ZodType<Spec>
  /** How many columns it treats together: exactly one, one or more, or none but whole rows. */
  readonly takes: 'column' | 'columns' | 'rows'
  readonly disclosure: Disclosure
  /**
   * The table with the columns treated; the given one stays as it is. Operators without randomness never draw.
   * @throws OperatorError when the columns cannot be treated so
   */
  apply(table: Dataset, columns: readonly string[], spec: Spec, random: RandomSource): Dataset
}

export type OperatorErrorCode = 'unknown_column' | 'not_numeric' | 'not_text' | 'missing_value' | 'too_few_rows' | 'bad_parameter' | 'nothing_left'

/** Names the column and the parameter, never a value of the table. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
  readonly code: OperatorErrorCode
  readonly operator: string
  readonly column: string | undefined

  constructor(code: OperatorErrorCode, operator: string, message: string, column?: string) {
    super(column === undefined ? `${operator}: ${message}` : `${operator} of ${column}: ${message}`)
    this.code = code
    this.operator = operator
    this.column = column
  }
}

const none: readonly ModelFamily[] = []

/** Coarser but true values: a population table no longer matches, and everything else still speaks of people's own values. */
export function recoding(note: string): Disclosure {
  return { voids: (role) => (role === 'quasi' ? ['population'] : none), note }
}

/** Values that are not the people's own: rows that look alike need not be alike, and a spread of false values protects nobody. */
export function perturbing(note: string): Disclosure {
  return {
    voids: (role) => {
      if (role === 'quasi') return ['class_size', 'population', 'distribution', 'differential_privacy']
      return role === 'sensitive' ? ['distribution', 'differential_privacy'] : none
    },
    note,
  }
}

/** Rows are taken away and none is changed. */
export function selecting(note: string): Disclosure {
  return { voids: () => ['differential_privacy'], note }
}
