/** When something that waits is worth a look. Pure. */
import type { Health } from './queries.ts'

/** The log takes its entries in within a second; who waits this long is not being served. */
export const lateMs = 30_000
const behindMax = 1_000

export interface Findings {
  readonly log: boolean
  readonly events: boolean
  readonly jobs: boolean
  readonly backups: boolean
}

/** Whether each part keeps up. */
export function judge({ at, ledger, events, queues, dead_letters, backups }: Health): Findings {
  const now = Date.parse(at)
  return {
    log: ledger.halted === null && (ledger.oldest_waiting_at === null || now - Date.parse(ledger.oldest_waiting_at) < lateMs),
    events: events.every(({ waiting }) => waiting < behindMax),
    jobs: dead_letters === 0 && queues.every(({ failed }) => failed === 0),
    backups: !['none', 'late', 'faulty'].includes(backups),
  }
}
