import type { StageFacts } from './step.ts'

/** What happens in a stage is counted as it happens; counts go on behind a crash from what was kept. */
export class StageCounts {
  readonly kind: StageFacts['kind']
  rowsIn = 0
  rowsOut = 0
  cells = 0
  readonly reasons = new Map<string, number>()

  constructor(kind: StageFacts['kind'], before?: StageFacts) {
    this.kind = kind
    if (before === undefined) return
    this.rowsIn = before.rows_in
    this.rowsOut = before.rows_out
    this.cells = before.cells_changed
    this.reasons = new Map(Object.entries(before.reasons))
  }

  because(reason: string, count: number): void {
    if (count > 0) this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + count)
  }

  facts(): StageFacts {
    return { kind: this.kind, rows_in: this.rowsIn, rows_out: this.rowsOut, cells_changed: this.cells, reasons: Object.fromEntries(this.reasons) }
  }
}
