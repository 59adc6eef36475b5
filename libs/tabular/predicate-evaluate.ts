/** Which rows of a chunk a predicate means. Text is judged once for each distinct value; then only codes are looked at. */
import { type Column, columnOf, type Dataset, type NumberColumn } from './dataset.ts'
import type { comparisons, Predicate } from './predicate.ts'

type Comparison = (typeof comparisons)[number]
type Scalar = string | number | boolean

/**
 * One byte for each row, 1 where the predicate holds. A value of another type than the column's equals nothing and comes before and
 * after nothing; `predicateProblems` tells of such a predicate beforehand.
 * @throws RangeError for a column that the dataset does not have
 */
export function maskOf(predicate: Predicate, dataset: Dataset): Uint8Array {
  if ('all' in predicate) return together(predicate.all, dataset, (mask, other) => mask & other)
  if ('any' in predicate) return together(predicate.any, dataset, (mask, other) => mask | other)
  if ('not' in predicate) return maskOf(predicate.not, dataset).map((holds) => 1 - holds)
  const column = columnOf(dataset, predicate.column)
  if ('missing' in predicate) return missingMask(column, predicate.missing)
  if ('starts_with' in predicate) return textMask(column, (text) => text.startsWith(predicate.starts_with))
  if ('in' in predicate) return membersMask(column, predicate.in)
  return column.kind === 'number' ? numberMask(column, predicate.is, predicate.value) : textMask(column, textTest(column, predicate.is, predicate.value))
}

function together(parts: readonly Predicate[], dataset: Dataset, combine: (mask: number, other: number) => number): Uint8Array {
  const [first, ...others] = parts
  // The schema gives at least one; of none at all, every row is meant.
  if (first === undefined) return new Uint8Array(dataset.rowCount).fill(1)
  const mask = maskOf(first, dataset)
  for (const part of others) {
    const other = maskOf(part, dataset)
    for (let row = 0; row < mask.length; row++) mask[row] = combine(mask[row] as number, other[row] as number)
  }
  return mask
}

function missingMask(column: Column, wanted: boolean): Uint8Array {
  const [ifMissing, ifPresent] = wanted ? [1, 0] : [0, 1]
  const values = column.kind === 'number' ? column.values : column.codes
  const mask = new Uint8Array(values.length)
  if (column.kind === 'number') for (let row = 0; row < mask.length; row++) mask[row] = Number.isNaN(values[row]) ? ifMissing : ifPresent
  else for (let row = 0; row < mask.length; row++) mask[row] = (values[row] as number) < 0 ? ifMissing : ifPresent
  return mask
}

function textMask(column: Column, test: (text: string) => boolean): Uint8Array {
  if (column.kind === 'number') return new Uint8Array(column.values.length)
  const { codes, dictionary } = column
  // One place before the first entry stands for missing, so that the loop below has no branch.
  const holds = new Uint8Array(dictionary.length + 1)
  dictionary.forEach((text, code) => {
    holds[code + 1] = test(text) ? 1 : 0
  })
  const mask = new Uint8Array(codes.length)
  for (let row = 0; row < mask.length; row++) mask[row] = holds[(codes[row] as number) + 1] as number
  return mask
}

function membersMask(column: Column, members: readonly Scalar[]): Uint8Array {
  if (column.kind === 'dictionary') {
    const texts = new Set(members.filter((member) => isOfColumn(column, member)).map(String))
    return textMask(column, (text) => texts.has(text))
  }
  const numbers = new Set(members)
  const mask = new Uint8Array(column.values.length)
  for (let row = 0; row < mask.length; row++) mask[row] = numbers.has(column.values[row] as number) ? 1 : 0
  return mask
}

function textTest(column: Column, is: Comparison, value: Scalar): (text: string) => boolean {
  const wanted = String(value)
  if (!isOfColumn(column, value)) return () => is === 'ne'
  switch (is) {
    case 'eq':
      return (text) => text === wanted
    case 'ne':
      return (text) => text !== wanted
    case 'lt':
      return (text) => text < wanted
    case 'le':
      return (text) => text <= wanted
    case 'gt':
      return (text) => text > wanted
    case 'ge':
      return (text) => text >= wanted
  }
}

function isOfColumn({ field }: Column, value: Scalar): boolean {
  return typeof value === (field.type === 'boolean' ? 'boolean' : 'string')
}

/** What holds below the value, at it and above it. */
const holdsAt: Readonly<Record<Comparison, readonly [below: number, at: number, above: number]>> = {
  eq: [0, 1, 0],
  ne: [1, 0, 1],
  lt: [1, 0, 0],
  le: [1, 1, 0],
  gt: [0, 0, 1],
  ge: [0, 1, 1],
}

function numberMask(column: NumberColumn, is: Comparison, value: Scalar): Uint8Array {
  if (typeof value !== 'number') return is === 'ne' ? missingMask(column, false) : new Uint8Array(column.values.length)
  const [below, at, above] = holdsAt[is]
  const mask = new Uint8Array(column.values.length)
  for (let row = 0; row < mask.length; row++) {
    const found = column.values[row] as number
    // A missing value, NaN, is none of the three.
    mask[row] = found < value ? below : found > value ? above : found === value ? at : 0
  }
  return mask
}
