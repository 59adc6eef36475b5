/** Column by column: what could name a person, what was written by hand, and which values only a few have. Pure. */
import { type Column, type Dataset, type DictionaryColumn, missingCode } from '@gatehouse/tabular/dataset'
import { type Semantic, semantics } from '@gatehouse/tabular/field'
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
    const { sensitivity, semantic } = proposed.get(name) ?? { sensitivity: 'plain', semantic: undefined }
    const checks: Check[] = []
    // Written text is nearly unique by its nature; what it is says more than that it points at single rows.
    const text = column.kind === 'dictionary' && column.field.type === 'string'
    const written = role !== 'identifying' && text && (semantic === 'free_text' || (semantic === undefined && isFreeText(column)))
    if (written) checks.push(freeTextCheck(name, looked))
    else if (role === 'identifying' || sensitivity === 'direct_identifier') checks.push(identifierCheck(name, role === 'identifying', semantic, looked))
    if (column.kind === 'number') checks.push(...extremes(column, looked))
    else if (role === 'quasi' || role === 'sensitive') checks.push(...rareValues(column, looked))
    return checks.length > 0 ? checks : [pass('column', 'column_clear', {}, { column: name })]
  })
}

/** A name that the plan means to give out was approved by the holders; one that came by another name was not. */
function identifierCheck(name: string, meant: boolean, semantic: Semantic | undefined, { form }: LookedAt): Check {
  if (meant && form === 'identifiable') return review('direct_identifiers', 'identifiers_approved', {}, { column: name })
  const judged = form === 'anonymised' ? fail : review
  if (meant) return judged('direct_identifiers', 'identifiers_planned', {}, { column: name })
  // A meaning that tells of nobody by itself: then it was the values, nearly all of which are different.
  const telling = semantic !== undefined && semantics[semantic] === 'direct_identifier'
  return telling
    ? judged('direct_identifiers', 'identifiers_found', { semantic }, { column: name })
    : judged('direct_identifiers', 'identifiers_unique', {}, { column: name })
}

function freeTextCheck(name: string, { form }: LookedAt): Check {
  const judged = form === 'anonymised' ? fail : review
  return judged('free_text', 'free_text', {}, { column: name })
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
  const which = atLeast < floor && atMost < floor ? 'min_max_both' : atLeast < floor ? 'min_max_smallest' : 'min_max_largest'
  return [review('min_max', which, { floor }, { column: name })]
}

function rareValues(column: DictionaryColumn, { columns, floor, treated }: LookedAt): Check[] {
  const { name } = column.field
  const rows = new Array<number>(column.dictionary.length).fill(0)
  for (const code of column.codes) if (code !== missingCode) rows[code] = (rows[code] as number) + 1
  const rare = rows.filter((count) => count > 0 && count < floor).length
  if (rare === 0) return []
  const quasi = columns.find((one) => one.name === name)?.role === 'quasi'
  // Of what classes are made of, the classes are judged.
  return treated && quasi ? [] : [review('rare_values', ...some(rare, floor, 'rare_values_few', 'rare_values_about'), { column: name })]
}
