/** One row for each person out of the rows of all sources: what of several values is told is the element's `reduce`. */
import { type Column, columnOf, type Dataset, type DictionaryColumn, missingCode, type NumberColumn } from '@gatehouse/tabular/dataset'
import { withUsedEntries } from '@gatehouse/tabular/rows'
import type { PlanLinkage } from '../plan/schema.ts'
import { numbers } from './columns.ts'
import { numbersOf, type People } from './match.ts'
import { type ElementSpec, hidden } from './step.ts'

export interface JoinInput {
  readonly names: readonly string[]
  readonly sources: readonly Dataset[]
  readonly people: People
  readonly elements: readonly ElementSpec[]
  readonly keep: PlanLinkage['keep']
  readonly passes: number
  /** In how many sources somebody has to be who is kept as linked. */
  readonly asked: number
}

export interface Joined {
  readonly dataset: Dataset
  /** People that `keep` leaves out. */
  readonly left: number
  /** People who are in more than one source. */
  readonly inSeveral: number
}

export function joinPeople({ names, sources, people, elements, keep, passes, asked }: JoinInput): Joined {
  const { rowOf, count, inSeveral } = rowsOfPeople(sources, people, keep, asked)
  const offsets = sources.map((_, index) => sources.slice(0, index).reduce((rows, { rowCount }) => rows + rowCount, 0))
  const columns = elements.map((element): Column => {
    const at = names.indexOf(element.source)
    const source = sources[at] as Dataset
    const offset = offsets[at] as number
    const rows = people.person.subarray(offset, offset + source.rowCount)
    return reduceColumn(columnOf(source, element.name), element, { rows, rowOf, count })
  })
  return { dataset: { rowCount: count, columns: [...columns, ...digestsOf(sources, people, rowOf, count, passes)] }, left: people.count - count, inSeveral }
}

/** The row of each person in the result, -1 for those who are left out. */
function rowsOfPeople(
  sources: readonly Dataset[],
  { person, count }: People,
  keep: PlanLinkage['keep'],
  asked: number,
): { rowOf: Int32Array; count: number; inSeveral: number } {
  const seenIn = new Uint8Array(count)
  const lastSource = new Int32Array(count).fill(-1)
  const inFirst = new Uint8Array(count)
  let record = 0
  sources.forEach(({ rowCount }, source) => {
    for (let row = 0; row < rowCount; row++, record++) {
      const who = person[record] as number
      if (lastSource[who] === source) continue
      lastSource[who] = source
      seenIn[who] = (seenIn[who] as number) + 1
      if (source === 0) inFirst[who] = 1
    }
  })
  const rowOf = new Int32Array(count).fill(-1)
  let rows = 0
  let inSeveral = 0
  for (let who = 0; who < count; who++) {
    if ((seenIn[who] as number) > 1) inSeveral++
    if (keep === 'everybody' || (keep === 'linked' ? seenIn[who] === asked : inFirst[who] === 1)) rowOf[who] = rows++
  }
  return { rowOf, count: rows, inSeveral }
}

interface Target {
  /** The person of each row of the source. */
  readonly rows: Int32Array
  readonly rowOf: Int32Array
  readonly count: number
}

function reduceColumn(column: Column, { reduce, name }: ElementSpec, target: Target): Column {
  if (reduce === 'count') return counted(column, name, target)
  return column.kind === 'number' ? reduceNumbers(column, reduce, target) : reduceTexts(column, reduce, target)
}

/** Whether a later value takes the place of the one that is there. */
const replaces = {
  first: () => false,
  last: () => true,
  min: (value: number, held: number) => value < held,
  max: (value: number, held: number) => value > held,
} as const

function reduceNumbers(column: NumberColumn, reduce: ElementSpec['reduce'], { rows, rowOf, count }: Target): NumberColumn {
  const values = new Float64Array(count).fill(Number.NaN)
  const adds = reduce === 'sum' || reduce === 'mean'
  const takes = adds || reduce === 'count' || reduce === 'any' ? replaces.first : replaces[reduce]
  const seen = reduce === 'mean' ? new Int32Array(count) : undefined
  for (let row = 0; row < rows.length; row++) {
    const to = rowOf[rows[row] as number] as number
    const value = column.values[row] as number
    if (to < 0 || Number.isNaN(value)) continue
    const held = values[to] as number
    if (seen !== undefined) seen[to] = (seen[to] as number) + 1
    if (Number.isNaN(held)) values[to] = value
    else if (adds) values[to] = held + value
    else if (takes(value, held)) values[to] = value
  }
  if (seen !== undefined) for (let row = 0; row < count; row++) values[row] = (values[row] as number) / (seen[row] as number)
  const field = reduce === 'mean' ? { ...column.field, type: 'number' as const } : column.field
  return { kind: 'number', field: { ...field, nullable: true }, values }
}

/** Text has an order by code units, as filters have it; of true and false, `any` is the greater. */
function reduceTexts(column: DictionaryColumn, reduce: ElementSpec['reduce'], { rows, rowOf, count }: Target): DictionaryColumn {
  const order = reduce === 'min' || reduce === 'max' || reduce === 'any' ? ranksOf(column.dictionary) : undefined
  const takes = replaces[reduce === 'any' ? 'max' : reduce === 'last' || reduce === 'min' || reduce === 'max' ? reduce : 'first']
  const codes = new Int32Array(count).fill(missingCode)
  for (let row = 0; row < rows.length; row++) {
    const to = rowOf[rows[row] as number] as number
    const code = column.codes[row] as number
    if (to < 0 || code === missingCode) continue
    const held = codes[to] as number
    if (held === missingCode || takes(order?.[code] ?? code, order?.[held] ?? held)) codes[to] = code
  }
  return withUsedEntries({ ...column, field: { ...column.field, nullable: true }, codes })
}

function ranksOf(dictionary: readonly string[]): Int32Array {
  const ranks = new Int32Array(dictionary.length)
  const sorted = Array.from(dictionary.keys()).sort((left, right) => ((dictionary[left] as string) < (dictionary[right] as string) ? -1 : 1))
  sorted.forEach((code, rank) => {
    ranks[code] = rank
  })
  return ranks
}

/** How many rows of the person have a value; 0 where the person is not in the source. */
function counted(column: Column, name: string, { rows, rowOf, count }: Target): NumberColumn {
  const values = new Float64Array(count)
  for (let row = 0; row < rows.length; row++) {
    const to = rowOf[rows[row] as number] as number
    const there = column.kind === 'number' ? !Number.isNaN(column.values[row]) : column.codes[row] !== missingCode
    if (to >= 0 && there) values[to] = (values[to] as number) + 1
  }
  return { kind: 'number', field: { ...column.field, name, type: 'integer', nullable: false }, values }
}

/** Each person's digest and pseudonym: of the surest pass that any of the records has, there of the first record. */
function digestsOf(sources: readonly Dataset[], { person }: People, rowOf: Int32Array, count: number, passes: number): Column[] {
  const high = new Float64Array(count).fill(Number.NaN)
  const low = new Float64Array(count).fill(Number.NaN)
  const holders = new Int32Array(count).fill(-1)
  for (let pass = 0; pass < passes; pass++) {
    let record = 0
    for (const source of sources) {
      const [highs, lows] = [numbersOf(source, hidden.passHigh(pass)), numbersOf(source, hidden.passLow(pass))]
      for (let row = 0; row < source.rowCount; row++, record++) {
        const to = rowOf[person[record] as number] as number
        if (to < 0 || holders[to] !== -1 || Number.isNaN(highs[row])) continue
        high[to] = highs[row] as number
        low[to] = lows[row] as number
        holders[to] = record
      }
    }
  }
  const digests = [numbers(hidden.high, high), numbers(hidden.low, low)]
  const tokens = tokensOf(sources, holders)
  return tokens === undefined ? digests : [...digests, tokens]
}

function tokensOf(sources: readonly Dataset[], holders: Int32Array): DictionaryColumn | undefined {
  const parts = sources.map(({ columns }) => columns.find(({ field }) => field.name === hidden.token))
  const [first] = parts
  if (first?.kind !== 'dictionary') return undefined
  const starts = sources.map((_, index) => sources.slice(0, index).reduce((rows, { rowCount }) => rows + rowCount, 0))
  const dictionary: string[] = []
  const codes = Int32Array.from(holders, (record) => {
    if (record < 0) return missingCode
    const source = starts.findLastIndex((start) => start <= record)
    const part = parts[source] as DictionaryColumn
    const text = part.dictionary[part.codes[record - (starts[source] as number)] as number]
    return text === undefined ? missingCode : dictionary.push(text) - 1
  })
  return { kind: 'dictionary', field: first.field, codes, dictionary }
}
