/** Conditions on rows, as a plan writes them, and the plain lists of sentences that the form edits. */

export const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const
export type Comparison = (typeof comparisons)[number]
export type Scalar = string | number | boolean

export type Predicate =
  | { readonly column: string; readonly is: Comparison; readonly value: Scalar }
  | { readonly column: string; readonly in: readonly Scalar[] }
  | { readonly column: string; readonly starts_with: string }
  | { readonly column: string; readonly missing: boolean }
  | { readonly all: readonly Predicate[] }
  | { readonly any: readonly Predicate[] }
  | { readonly not: Predicate }

export const tests = [...comparisons, 'in', 'starts_with', 'missing', 'present'] as const
export type Test = (typeof tests)[number]

/** One line of the form. */
export interface Line {
  readonly column: string
  readonly test: Test
  /** What was typed; for `in` one value a line. */
  readonly value: string
}

export interface Lines {
  readonly join: 'all' | 'any'
  readonly lines: readonly Line[]
}

const written = (value: Scalar) => String(value)

function lineOf(predicate: Predicate): Line | undefined {
  if (!('column' in predicate)) return undefined
  const { column } = predicate
  if ('is' in predicate) return { column, test: predicate.is, value: written(predicate.value) }
  if ('in' in predicate) return { column, test: 'in', value: predicate.in.map(written).join('\n') }
  if ('starts_with' in predicate) return { column, test: 'starts_with', value: predicate.starts_with }
  return { column, test: predicate.missing ? 'missing' : 'present', value: '' }
}

/** The condition as lines joined by "and" or by "or"; `undefined` where it is nested and only its JSON can show it. */
export function linesOf(predicate: Predicate | undefined): Lines | undefined {
  if (predicate === undefined) return { join: 'all', lines: [] }
  if ('not' in predicate) return undefined
  const [join, parts] =
    'all' in predicate ? (['all', predicate.all] as const) : 'any' in predicate ? (['any', predicate.any] as const) : (['all', [predicate]] as const)
  const lines = parts.map(lineOf)
  return lines.every((line) => line !== undefined) ? { join, lines: lines.filter((line) => line !== undefined) } : undefined
}

/** Whether a column holds numbers, so that what is typed is meant as one. */
export type IsNumber = (column: string) => boolean

function scalar(text: string, isNumber: boolean): Scalar {
  const number = Number(text)
  if (isNumber && text.trim() !== '' && Number.isFinite(number)) return number
  return text === 'true' ? true : text === 'false' ? false : text
}

function predicateOf({ column, test, value }: Line, isNumber: IsNumber): Predicate {
  switch (test) {
    case 'missing':
      return { column, missing: true }
    case 'present':
      return { column, missing: false }
    case 'starts_with':
      return { column, starts_with: value }
    case 'in':
      return {
        column,
        in: value
          .split('\n')
          .filter((one) => one !== '')
          .map((one) => scalar(one, isNumber(column))),
      }
    default:
      return { column, is: test, value: scalar(value, isNumber(column)) }
  }
}

/** @returns `undefined` where there is no line, which means everybody */
export function fromLines({ join, lines }: Lines, isNumber: IsNumber): Predicate | undefined {
  const parts = lines.map((line) => predicateOf(line, isNumber))
  if (parts.length < 2) return parts[0]
  return join === 'all' ? { all: parts } : { any: parts }
}
