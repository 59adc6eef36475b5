/** Column by column: what could name a person, what was written by hand, and which values only a few have. Pure. */
import { type Column, type Dataset, type DictionaryColumn, missingCode } from '@gatehouse/tabular/dataset'
import { proposeRoles } from '@gatehouse/tabular/roles'
import type { ResultView } from '../../results/schema.ts'
import { type Check, fail, pass, review, some } from './check.ts'

export interface LookedAt {
  readonly columns: ResultView['columns']
  readonly form: ResultView['form']
  /** The fewest rows that a value may have. */
  readonly floor: number
  /** Columns that hold what a treatment has made of them. */
  readonly treated: boolean
}

/** Written by hand: many words, and hardly two cells alike. */
const wordsOfText = 4
const shareOfText = 0.3

export function columnChecks(dataset: Dataset, looked: LookedAt): Check[] {
  const proposed = new Map(proposeRoles(dataset).map((role) => [role.column, role]))
  return dataset.columns.flatMap((column) => {
    const { name } = column.field
    const role = looked.columns.find((one) => one.name === name)?.role
    // A pseudonym is new for each project and means nothing elsewhere.
    if (role === 'token') return []
    const { sensitivity, reason, semantic } = proposed.get(name) ?? { sensitivity: 'plain', reason: '', semantic: undefined }
    const checks: Check[] = []
    // Written text is nearly unique by its nature; what it is says more than that it points at single rows.
    const text = column.kind === 'dictionary' && column.field.type === 'string'
    const written = role !== 'identifying' && text && (semantic === 'free_text' || (semantic === undefined && isFreeText(column)))
    if (written) checks.push(freeTextCheck(name, looked))
    else if (role === 'identifying' || sensitivity === 'direct_identifier') checks.push(identifierCheck(name, role === 'identifying', reason, looked))
    if (column.kind === 'number') checks.push(...extremes(column, looked))
    else if (role === 'quasi' || role === 'sensitive') checks.push(...rareValues(column, looked))
    return checks.length > 0 ? checks : [pass('column', 'Nothing was found in it that could tell of a person by itself.', { column: name })]
  })
}

/** A name that the plan means to give out was approved by the holders; one that came by another name was not. */
function identifierCheck(name: string, meant: boolean, reason: string, { form }: LookedAt): Check {
  const mitigation = 'Leave the column out of the plan, or mask it.'
  if (meant && form === 'identifiable')
    return review('direct_identifiers', 'The column names people, as the plan says and its holders approved.', mitigation, { column: name })
  const detail = meant ? 'The plan calls the column identifying.' : `The plan does not call it identifying, but: ${reason}`
  return form === 'anonymised'
    ? fail('direct_identifiers', detail, mitigation, { column: name })
    : review('direct_identifiers', detail, mitigation, { column: name })
}

function freeTextCheck(name: string, { form }: LookedAt): Check {
  const detail = 'Its cells read like written text, in which anything about anybody can stand.'
  const mitigation = 'Leave the column out, or code it by a list before it is given out.'
  return form === 'anonymised' ? fail('free_text', detail, mitigation, { column: name }) : review('free_text', detail, mitigation, { column: name })
}

function isFreeText({ codes, dictionary }: DictionaryColumn): boolean {
  const rows = codes.reduce((count, code) => count + (code === missingCode ? 0 : 1), 0)
  if (rows === 0 || dictionary.length < rows * shareOfText) return false
  const words = dictionary.reduce((sum, text) => sum + text.trim().split(/\s+/).length, 0)
  return words >= wordsOfText * dictionary.length
}

/** The largest and the smallest value is somebody's. */
function extremes(column: Extract<Column, { kind: 'number' }>, { columns, floor }: LookedAt): Check[] {
  const { name } = column.field
  if (columns.find((one) => one.name === name)?.role === 'figure') return []
  let [least, most, atLeast, atMost] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  for (const value of column.values) {
    if (Number.isNaN(value)) continue
    if (value < least) [least, atLeast] = [value, 0]
    if (value > most) [most, atMost] = [value, 0]
    if (value === least) atLeast++
    if (value === most) atMost++
  }
  if (atMost === 0 || (atLeast >= floor && atMost >= floor)) return []
  return [
    review(
      'min_max',
      `The ${atLeast < floor && atMost < floor ? 'smallest and the largest value are' : atLeast < floor ? 'smallest value is' : 'largest value is'} that of fewer than ${floor} rows.`,
      'Group the values, or cap them at both ends.',
      { column: name },
    ),
  ]
}

function rareValues(column: DictionaryColumn, { columns, floor, treated }: LookedAt): Check[] {
  const { name } = column.field
  const rows = new Array<number>(column.dictionary.length).fill(0)
  for (const code of column.codes) if (code !== missingCode) rows[code] = (rows[code] as number) + 1
  const rare = rows.filter((count) => count > 0 && count < floor).length
  if (rare === 0) return []
  const detail = `${some(rare, floor)} of its values stand in fewer than ${floor} rows each.`
  const quasi = columns.find((one) => one.name === name)?.role === 'quasi'
  const kept = treated && quasi
  // Of what classes are made of, the classes are judged.
  return kept
    ? []
    : [
        review('rare_values', `${detail[0]?.toUpperCase()}${detail.slice(1)}`, 'Coarsen the column by a hierarchy, or code its rare values as one.', {
          column: name,
        }),
      ]
}
