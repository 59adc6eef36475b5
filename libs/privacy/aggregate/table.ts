/** Two-way tables of counts or sums, as they are before disclosure control. A one-way table has a single row. */

export interface Cell {
  /** What would be published: the count, or the sum of the contributions. */
  readonly value: number
  /** People behind it. In a table of counts the same as the value. */
  readonly contributors: number
  /** The largest contributions, falling; as many as the rules look at. Empty in a table of counts. */
  readonly largest: readonly number[]
}

export interface Table {
  readonly kind: 'count' | 'sum'
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** `cells[row][column]`. Totals are not part of it; they follow from the cells. */
  readonly cells: readonly (readonly Cell[])[]
}

/** A table that disclosure control cannot judge. Names the cell, never its value. */
export class TableError extends RangeError {
  override readonly name = 'TableError'
  readonly code: 'ragged' | 'empty' | 'not_a_count' | 'negative' | 'largest_missing' | 'too_large'

  constructor(code: TableError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** @throws TableError `ragged`, `empty`, `not_a_count` */
export function countTable(rows: readonly string[], columns: readonly string[], counts: readonly (readonly number[])[]): Table {
  return checked({ kind: 'count', rows, columns, cells: counts.map((line) => line.map((count) => ({ value: count, contributors: count, largest: [] }))) })
}

/**
 * A table of sums from what each person contributes; every person is to come once per cell.
 *
 * @param contributions `contributions[row][column]`, one number per person
 * @throws TableError `ragged`, `empty`, `negative`
 */
export function sumTable(rows: readonly string[], columns: readonly string[], contributions: readonly (readonly (readonly number[])[])[]): Table {
  return checked({ kind: 'sum', rows, columns, cells: contributions.map((line) => line.map(sumCell)) })
}

function sumCell(contributions: readonly number[]): Cell {
  return {
    value: contributions.reduce((total, contribution) => total + contribution, 0),
    contributors: contributions.length,
    largest: contributions.toSorted((left, right) => right - left),
  }
}

/** The most cells of one table: hiding further cells costs more than their number. */
export const maximumCells = 10_000

/** @throws TableError */
export function checked(table: Table): Table {
  if (table.rows.length === 0 || table.columns.length === 0) throw new TableError('empty', 'a table needs at least one row and one column')
  if (table.cells.length !== table.rows.length || table.cells.some((line) => line.length !== table.columns.length)) {
    throw new TableError('ragged', `the cells are not ${table.rows.length} rows of ${table.columns.length}`)
  }
  if (table.rows.length * table.columns.length > maximumCells)
    throw new TableError('too_large', `a table has at most ${maximumCells} cells; split it by its rows`)
  table.cells.forEach((line, row) => {
    line.forEach((cell, column) => {
      const where = `${table.rows[row]} / ${table.columns[column]}`
      if (!Number.isSafeInteger(cell.contributors) || cell.contributors < 0) throw new TableError('not_a_count', `${where} has no whole number of people`)
      if (table.kind === 'count' && cell.value !== cell.contributors)
        throw new TableError('not_a_count', `${where} has a value that is not its number of people`)
      if (!(cell.value >= 0 && Number.isFinite(cell.value)) || cell.largest.some((contribution) => !(contribution >= 0))) {
        throw new TableError('negative', `${where} has a negative contribution; dominance has no meaning there, so publish gains and losses apart`)
      }
    })
  })
  return table
}

/**
 * The table with its totals as a last row and column, laid out flat: what an attacker sees as one system of equations. Every row and
 * every column, those of the totals included, adds up to its last cell.
 */
export interface ExtendedTable {
  readonly kind: 'count' | 'sum'
  /** With the row and the column of totals. */
  readonly height: number
  readonly width: number
  /** Cell (row, column) at `row * width + column`. */
  readonly cells: readonly Cell[]
}

export function extended(table: Table): ExtendedTable {
  const lines = table.cells.map((line) => [...line, total(line)])
  const totals = Array.from({ length: table.columns.length + 1 }, (_, column) => total(lines.flatMap((line) => line[column] ?? [])))
  return { kind: table.kind, height: lines.length + 1, width: totals.length, cells: [...lines.flat(), ...totals] }
}

/** Largest contributions of the whole come from those of the parts: one person's contributions to different parts count apart. */
function total(cells: readonly Cell[]): Cell {
  return {
    value: cells.reduce((sum, cell) => sum + cell.value, 0),
    contributors: cells.reduce((sum, cell) => sum + cell.contributors, 0),
    largest: cells.flatMap((cell) => cell.largest).sort((left, right) => right - left),
  }
}

/** Whether the place is in the row or the column of totals. */
export function isTotal(table: ExtendedTable, place: number): boolean {
  return place % table.width === table.width - 1 || place >= table.width * (table.height - 1)
}
