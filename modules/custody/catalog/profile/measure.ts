/**
 * What is told of a table's values to people who may not see them, after disclosure control. Everything is counted in people, where the
 * table says whose a row is, and nothing is told that fewer of them than the floor share. Pure; memory does not grow with the rows.
 */
import type { Instant } from '@gatehouse/core/instant'
import { type Column, type Dataset, missingCode } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { type Crowd, crowdOf, type Extremes, extremesOf } from './crowd.ts'
import { type ColumnProfile, type DistinctBand, limits, type Profile } from './schema.ts'

export interface ProfileOptions {
  readonly floor: number
  /** The column that says whose a row is; without one each row is somebody. */
  readonly subject: string | undefined
  /** Columns that name people, whatever their field says of them: of their values nothing is told. */
  readonly identifying: ReadonlySet<string>
  readonly sampled: boolean
  readonly now: Instant
}

export async function measureProfile(fields: readonly Field[], chunks: AsyncIterable<Dataset> | Iterable<Dataset>, options: ProfileOptions): Promise<Profile> {
  const columns = fields.map((field) => columnMeasure(field, options))
  const people = crowdOf(options.floor)
  let rows = 0
  for await (const chunk of chunks) {
    const whose = subjectsOf(chunk, options.subject, rows)
    for (let row = 0; row < chunk.rowCount && !people.enough; row++) people.add(whose(row))
    for (const column of columns) {
      const found = chunk.columns.find(({ field }) => field.name === column.name)
      if (found !== undefined) column.add(found, whose)
    }
    rows += chunk.rowCount
  }
  const { floor, sampled, now } = options
  const told = { sampled, floor, measured_at: now }
  if (!people.enough) return { rows: null, ...told, columns: [] }
  const base = roundingBase(rows)
  const rounded = Math.floor(rows / base) * base
  return { rows: rounded, ...told, columns: columns.map((column) => column.told(rows)) }
}

/** One of the row's person that equals that of another row exactly if they are the same. A row without a person is nobody else's. */
function subjectsOf(chunk: Dataset, subject: string | undefined, rowsBefore: number): (row: number) => string | number {
  const column = chunk.columns.find(({ field }) => field.name === subject)
  if (column === undefined) return (row) => rowsBefore + row
  if (column.kind === 'number') return (row) => column.values[row] ?? Number.NaN
  return (row) => column.dictionary[column.codes[row] ?? missingCode] ?? ''
}

interface ColumnMeasure {
  readonly name: string
  add(column: Column, whose: (row: number) => string | number): void
  told(rows: number): ColumnProfile
}

interface Category {
  rows: number
  readonly people: Crowd
}

function columnMeasure(field: Field, { floor, identifying }: ProfileOptions): ColumnMeasure {
  const isHidden = field.sensitivity === 'direct_identifier' || identifying.has(field.name) || field.semantic === 'free_text'
  const isOrdered = !isHidden && (field.type === 'integer' || field.type === 'number' || field.type === 'date' || field.type === 'instant')
  const isCategorical = !isHidden && (field.type === 'string' || field.type === 'boolean')
  const values = new Map<string | number, Category>()
  const [lacking, having] = [crowdOf(floor), crowdOf(floor)]
  const [least, greatest] = [extremesOf(floor, -1), extremesOf(floor, 1)]
  let missing = 0
  let many = false

  function seen(value: string | number, who: string | number): void {
    having.add(who)
    if (isOrdered) addTo([least, greatest], typeof value === 'number' ? value : Number(value.slice(0, 4)), who)
    const known = values.get(value)
    if (known !== undefined) {
      known.rows += 1
      known.people.add(who)
    } else if (values.size >= limits.distinctMax) many = true
    else {
      const first = { rows: 1, people: crowdOf(floor) }
      first.people.add(who)
      values.set(value, first)
    }
  }

  return {
    name: field.name,
    add(column, whose) {
      const length = column.kind === 'number' ? column.values.length : column.codes.length
      for (let row = 0; row < length; row++) {
        const value = column.kind === 'number' ? column.values[row] : column.dictionary[column.codes[row] ?? missingCode]
        if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) {
          missing += 1
          lacking.add(whose(row))
        } else seen(value, whose(row))
      }
    },
    told(rows) {
      const share = (count: number) => shareOf(count, rows)
      const absent = lacking.enough ? (having.enough ? share(missing) : 1) : 0
      const { columns, bounds } = { columns: { name: field.name, missing: absent }, bounds: isOrdered ? boundsOf(least, greatest, field.type) : {} }
      if (!having.enough) return { ...columns, distinct: 'none' }
      const distinct = many ? 'more' : bandOf(values.size)
      const shown = isCategorical && !many && values.size <= limits.categoriesMax ? categoriesOf(values, share) : {}
      return { ...columns, distinct, ...bounds, ...shown }
    },
  }
}

function addTo(extremes: readonly Extremes[], value: number, who: string | number): void {
  if (Number.isFinite(value)) for (const extreme of extremes) extreme.add(value, who)
}

function bandOf(count: number): DistinctBand {
  if (count === 0) return 'none'
  if (count === 1) return '1'
  if (count <= 10) return '2-10'
  if (count <= 100) return '11-100'
  return '101-1000'
}

/**
 * Values of fewer people than the floor are gathered; where all of those together are still fewer, the rarest value that could be told
 * goes with them, so that they cannot be worked out as the rest.
 */
function categoriesOf(values: ReadonlyMap<string | number, Category>, share: (count: number) => number): Pick<ColumnProfile, 'categories' | 'other'> {
  const sorted = [...values].sort(([, left], [, right]) => right.rows - left.rows)
  const shown = sorted.filter(([, { people }]) => people.enough)
  const hidden = sorted.filter(([, { people }]) => !people.enough)
  if (hidden.length > 0) {
    const rarest = shown.pop()
    if (rarest !== undefined) hidden.push(rarest)
  }
  const categories = shown.map(([value, { rows }]) => ({ value: String(value), share: share(rows) }))
  const other = share(hidden.reduce((sum, [, { rows }]) => sum + rows, 0))
  return hidden.length > 0 ? { categories, other } : { categories }
}

function boundsOf(least: Extremes, greatest: Extremes, type: Field['type']): Pick<ColumnProfile, 'min' | 'max'> {
  const [low, high] = [least.bound(), greatest.bound()]
  if (low === undefined || high === undefined) return {}
  if (type === 'date' || type === 'instant') return { min: low, max: high }
  const base = roundingBase(Math.max(Math.abs(low), Math.abs(high)), 0)
  return { min: roundTo(low, base), max: roundTo(high, base) }
}

/** Two digits are kept, and counts are never told more finely than by five. */
function roundingBase(value: number, least = 5): number {
  return value === 0 ? Math.max(least, 1) : Math.max(least, 10 ** (Math.floor(Math.log10(value)) - 1))
}

const roundTo = (value: number, base: number) => Number((Math.round(value / base) * base).toPrecision(3))

const shareOf = (count: number, rows: number) => Math.round((count / rows) * 100) / 100
