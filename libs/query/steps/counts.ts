import type { ColumnFacts, StageFacts } from './step.ts'

/** What happens in a stage is counted as it happens; counts go on behind a crash from what was kept. */
export class StageCounts {
  readonly kind: StageFacts['kind']
  rowsIn = 0
  rowsOut = 0
  cells = 0
  readonly reasons = new Map<string, number>()
  readonly columns = new Map<string, ColumnFacts>()

  constructor(kind: StageFacts['kind'], before?: StageFacts) {
    this.kind = kind
    if (before === undefined) return
    this.rowsIn = before.rows_in
    this.rowsOut = before.rows_out
    this.cells = before.cells_changed
    this.reasons = new Map(Object.entries(before.reasons))
    this.columns = new Map(Object.entries(before.columns ?? {}))
  }

  because(reason: string, count: number): void {
    if (count > 0) this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + count)
  }

  /** Of `changed` values of a column `suppressed` became missing. */
  changed(column: string, changed: number, suppressed: number): void {
    this.cells += changed
    this.#add(column, { changed, suppressed })
  }

  /** From here on the column has another name; what was counted of it goes along. */
  renamed(from: string, to: string): void {
    const facts = this.columns.get(from)
    if (facts === undefined) return
    this.columns.delete(from)
    this.#add(to, facts)
  }

  #add(column: string, { changed, suppressed }: ColumnFacts): void {
    if (changed === 0) return
    const { changed: were, suppressed: gone } = this.columns.get(column) ?? { changed: 0, suppressed: 0 }
    this.columns.set(column, { changed: were + changed, suppressed: gone + suppressed })
  }

  facts(): StageFacts {
    const { kind, rowsIn, rowsOut, cells, reasons, columns } = this
    const told = columns.size === 0 ? {} : { columns: Object.fromEntries(columns) }
    return { kind, rows_in: rowsIn, rows_out: rowsOut, cells_changed: cells, reasons: Object.fromEntries(reasons), ...told }
  }
}
