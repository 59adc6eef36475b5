import type { Profile } from './profile.ts'
import { type Cell, type ExtendedTable, TableError } from './table.ts'

/** Why a cell is not shown. `secondary`: it is harmless, but another could be worked out from it. */
export type Reason = 'threshold' | 'zero' | 'dominance' | 'p-ratio' | 'group' | 'differencing' | 'secondary'

/** The cells that may not be shown for their own sake, by their place in the table, with every rule they break. */
export function primaryReasons(table: ExtendedTable, profile: Profile): Map<number, Reason[]> {
  const grouped = profile.groupDisclosure ? linesOfOneCell(table) : new Set<number>()
  const found = new Map<number, Reason[]>()
  table.cells.forEach((cell, place) => {
    const reasons: Reason[] = []
    if (cell.contributors === 0) {
      if (profile.zeros === 'disclosive') reasons.push('zero')
    } else {
      if (cell.contributors < profile.threshold) reasons.push('threshold')
      if (table.kind === 'sum' && dominates(cell, profile)) reasons.push('dominance')
      if (table.kind === 'sum' && tellsTheLargest(cell, profile)) reasons.push('p-ratio')
    }
    if (grouped.has(place)) reasons.push('group')
    if (reasons.length > 0) found.set(place, reasons)
  })
  return found
}

/** The (n, k) rule (Cox 1981; Hundepool et al. 2012, section 4.2). */
function dominates(cell: Cell, { dominance }: Profile): boolean {
  if (dominance === undefined || cell.value === 0) return false
  needLargest(cell, dominance.n)
  return cell.largest.slice(0, dominance.n).reduce((sum, contribution) => sum + contribution, 0) > dominance.k * cell.value
}

/** The p % rule: who gave the second largest contribution knows the largest to within the rest (Hundepool et al. 2012, section 4.2). */
function tellsTheLargest(cell: Cell, { pRatio }: Profile): boolean {
  if (pRatio === undefined || cell.value === 0) return false
  needLargest(cell, 2)
  const [first = 0, second = 0] = cell.largest
  return cell.value - first - second < pRatio * first
}

function needLargest(cell: Cell, count: number): void {
  if (cell.largest.length < Math.min(count, cell.contributors)) {
    throw new TableError('largest_missing', `the rules look at the ${count} largest contributions of each cell; give them with the table`)
  }
}

/**
 * All cells of rows and columns whose people all lie in one cell, where there are several to lie in. The empty ones belong to it: shown,
 * they would say in which cell everybody is.
 */
function linesOfOneCell({ cells, width, height }: ExtendedTable): Set<number> {
  const found = new Set<number>()
  const look = (places: readonly number[]): void => {
    const filled = places.filter((place) => (cells[place]?.contributors ?? 0) > 0)
    if (places.length > 1 && filled.length === 1) for (const place of places) found.add(place)
  }
  for (let row = 0; row < height - 1; row += 1) look(Array.from({ length: width - 1 }, (_, column) => row * width + column))
  for (let column = 0; column < width - 1; column += 1) look(Array.from({ length: height - 1 }, (_, row) => row * width + column))
  return found
}

/** How wide the interval of possible values has to be that an attacker is left with. */
export function neededWidth(table: ExtendedTable, place: number, reasons: readonly Reason[], { protection }: Profile): number {
  if (reasons.includes('secondary')) return 0
  return table.kind === 'count' ? protection.count : protection.share * (table.cells[place]?.value ?? 0)
}
