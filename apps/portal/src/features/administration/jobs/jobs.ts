/** Long work of all kinds as one list. Pure. */
import type { Import } from '../../custody/imports/queries.ts'
import type { Check } from '../../custody/vault/queries.ts'

export type JobState = Import['status'] | 'found'

export interface Job {
  readonly id: string
  readonly kind: 'import' | 'check'
  readonly state: JobState
  /** The record type, where there is one: nothing of a person. */
  readonly what: string | null
  readonly rows: number
  readonly faults: number
  readonly begun: string
  readonly moved: string
}

export function jobsOf(imports: readonly Import[], checks: readonly Check[]): Job[] {
  const all = [
    ...imports.map(
      ({ import_id, status, record_type, progress, created_at, progressed_at }): Job => ({
        id: import_id,
        kind: 'import',
        state: status,
        what: record_type,
        rows: progress.read,
        faults: progress.rejected,
        begun: created_at,
        moved: progressed_at,
      }),
    ),
    ...checks.map(
      ({ id, blocks, fault_count, started_at, finished_at }): Job => ({
        id,
        kind: 'check',
        state: fault_count === 0 ? 'finished' : 'found',
        what: null,
        rows: blocks,
        faults: fault_count,
        begun: started_at,
        moved: finished_at,
      }),
    ),
  ]
  return all.sort((left, right) => (left.begun < right.begun ? 1 : left.begun > right.begun ? -1 : 0))
}
