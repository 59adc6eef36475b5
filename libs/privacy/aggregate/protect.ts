import type { RandomSource } from '../random/random.ts'
import { primaryReasons, type Reason } from './primary.ts'
import type { Profile } from './profile.ts'
import { roundAtRandom, roundControlled, roundConventionally } from './rounding.ts'
import { audit, type Interval, suppressFurther } from './secondary.ts'
import { checked, type ExtendedTable, extended, isTotal, type Table } from './table.ts'

/** A cell as the output checker sees it. */
export type ReleasedCell =
  | { readonly shown: true; readonly value: number }
  | {
      readonly shown: false
      /** Not for publication: that a cell is small or empty says much about its value. */
      readonly reasons: readonly Reason[]
      /** What follows about it from the rest of the table, before rounding; absent where totals are recomputed. */
      readonly interval?: Interval
    }

export interface ProtectedTable {
  readonly profile: string
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  readonly cells: readonly (readonly ReleasedCell[])[]
  readonly rowTotals: readonly ReleasedCell[]
  readonly columnTotals: readonly ReleasedCell[]
  readonly total: ReleasedCell
}

export interface ProtectOptions {
  /** Needed by random and controlled rounding. */
  readonly random?: RandomSource
  /** Cells that must not be shown for another reason, such as a differencing guard's refusal of their people. */
  readonly refused?: readonly { readonly row: number; readonly column: number; readonly reason: Reason }[]
}

/**
 * Applies a profile to a table: judges every cell and total, hides further ones until nothing hidden can be worked out, and rounds what
 * is shown.
 *
 * @throws TableError for a table that cannot be judged
 * @throws RangeError for a refused cell outside the table, and for rounding that lacks randomness or whole numbers
 */
export function protect(table: Table, profile: Profile, options: ProtectOptions = {}): ProtectedTable {
  const whole = extended(checked(table))
  const primary = primaryReasons(whole, profile)
  for (const { row, column, reason } of options.refused ?? []) {
    if (table.cells[row]?.[column] === undefined) throw new RangeError(`there is no cell in row ${row}, column ${column} to refuse`)
    const place = row * whole.width + column
    primary.set(place, [...(primary.get(place) ?? []), reason])
  }
  const released = profile.totals === 'protected' ? withTotals(whole, primary, profile, options.random) : recomputed(whole, primary, profile, options.random)
  const line = (row: number): ReleasedCell[] => released.slice(row * whole.width, (row + 1) * whole.width)
  const lines = table.rows.map((_, row) => line(row))
  const totals = line(table.rows.length)
  return {
    profile: profile.name,
    rows: table.rows,
    columns: table.columns,
    cells: lines.map((cells) => cells.slice(0, -1)),
    rowTotals: lines.flatMap((cells) => cells.slice(-1)),
    columnTotals: totals.slice(0, -1),
    total: totals.at(-1) ?? { shown: false, reasons: [] },
  }
}

/** The cells as they may go out: a number, or `null` without a word why. */
export function published(cells: readonly ReleasedCell[]): (number | null)[] {
  return cells.map((cell) => (cell.shown ? cell.value : null))
}

function withTotals(table: ExtendedTable, primary: ReadonlyMap<number, readonly Reason[]>, profile: Profile, random?: RandomSource): ReleasedCell[] {
  const reasons = suppressFurther(table, primary, profile)
  const intervals = audit(table, new Set(reasons.keys()))
  return rounded(table, profile, random).map((value, place) => {
    const why = reasons.get(place)
    if (why === undefined) return { shown: true, value }
    const interval = intervals.get(place)
    return { shown: false, reasons: why, ...(interval === undefined ? {} : { interval }) }
  })
}

/** Totals of what is shown, after rounding: they carry nothing of what is not. */
function recomputed(table: ExtendedTable, primary: ReadonlyMap<number, readonly Reason[]>, profile: Profile, random?: RandomSource): ReleasedCell[] {
  const { width, height } = table
  const values = rounded(table, profile, random)
  const shown = (place: number): number => (primary.has(place) ? 0 : (values[place] ?? 0))
  for (let row = 0; row < height - 1; row += 1) {
    values[row * width + width - 1] = sum(Array.from({ length: width - 1 }, (_, column) => shown(row * width + column)))
  }
  for (let column = 0; column < width; column += 1) {
    const inner = Array.from({ length: height - 1 }, (_, row) => row * width + column)
    values[(height - 1) * width + column] = sum(inner.map((place) => (isTotal(table, place) ? (values[place] ?? 0) : shown(place))))
  }
  return values.map((value, place) => {
    const why = isTotal(table, place) ? undefined : primary.get(place)
    return why === undefined ? { shown: true, value } : { shown: false, reasons: why }
  })
}

function rounded(table: ExtendedTable, { rounding }: Profile, random?: RandomSource): number[] {
  const values = table.cells.map((cell) => cell.value)
  if (rounding === undefined) return values
  const { method, base } = rounding
  if (method === 'conventional') return values.map((value) => roundConventionally(value, base))
  if (random === undefined) throw new RangeError(`${method} rounding needs a source of randomness`)
  return method === 'controlled' ? roundControlled(table, base, random) : values.map((value) => roundAtRandom(value, base, random))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
