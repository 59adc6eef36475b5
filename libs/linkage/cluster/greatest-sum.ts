/**
 * The assignment of rows to columns with the greatest sum: the Hungarian method with potentials (Kuhn 1955; Munkres 1957), row by
 * row along shortest augmenting paths. Rows and columns count from 1 here, so that column 0 can stand for the row that looks for one.
 */
interface Search {
  readonly columnCount: number
  readonly rowPotential: Float64Array
  readonly columnPotential: Float64Array
  /** Per column the row that has it; 0 where it is free. */
  readonly rowOf: Int32Array
  /** Per column the one before it on the path. */
  readonly before: Int32Array
  cost(row: number, column: number): number
}

/**
 * @param worth row by row; there are at least as many columns as rows
 * @returns the column of each row, from 0
 */
export function greatestSum(worth: Float64Array, rowCount: number, columnCount: number): number[] {
  const search: Search = {
    columnCount,
    rowPotential: new Float64Array(rowCount + 1),
    columnPotential: new Float64Array(columnCount + 1),
    rowOf: new Int32Array(columnCount + 1),
    before: new Int32Array(columnCount + 1),
    cost: (row, column) => -(worth[(row - 1) * columnCount + column - 1] as number),
  }
  for (let row = 1; row <= rowCount; row++) takePath(search, freeColumnFor(search, row))
  const columnOf = new Array<number>(rowCount).fill(-1)
  search.rowOf.forEach((row, column) => {
    if (column > 0 && row > 0) columnOf[row - 1] = column - 1
  })
  return columnOf
}

/** Widens a tree of tight edges from the row until it reaches a free column. */
function freeColumnFor(search: Search, row: number): number {
  const { rowOf, columnCount } = search
  const slack = new Float64Array(columnCount + 1).fill(Number.POSITIVE_INFINITY)
  const visited = new Uint8Array(columnCount + 1)
  rowOf[0] = row
  let column = 0
  do {
    visited[column] = 1
    const nearest = nearestColumn(search, column, slack, visited)
    shiftPotentials(search, slack[nearest] as number, slack, visited)
    column = nearest
  } while (rowOf[column] !== 0)
  return column
}

function nearestColumn(
  { columnCount, rowPotential, columnPotential, rowOf, before, cost }: Search,
  from: number,
  slack: Float64Array,
  visited: Uint8Array,
): number {
  const row = rowOf[from] as number
  let nearest = 0
  for (let column = 1; column <= columnCount; column++) {
    if (visited[column]) continue
    const reduced = cost(row, column) - (rowPotential[row] as number) - (columnPotential[column] as number)
    if (reduced < (slack[column] as number)) {
      slack[column] = reduced
      before[column] = from
    }
    if (nearest === 0 || (slack[column] as number) < (slack[nearest] as number)) nearest = column
  }
  return nearest
}

function shiftPotentials({ columnCount, rowPotential, columnPotential, rowOf }: Search, by: number, slack: Float64Array, visited: Uint8Array): void {
  for (let column = 0; column <= columnCount; column++) {
    if (visited[column]) {
      const row = rowOf[column] as number
      rowPotential[row] = (rowPotential[row] as number) + by
      columnPotential[column] = (columnPotential[column] as number) - by
    } else slack[column] = (slack[column] as number) - by
  }
}

function takePath({ rowOf, before }: Search, free: number): void {
  for (let column = free; column !== 0; ) {
    const previous = before[column] as number
    rowOf[column] = rowOf[previous] as number
    column = previous
  }
}
