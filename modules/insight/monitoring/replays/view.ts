import type { ReplayView } from '../schema.ts'
import type { ReplayRow } from './store.ts'

export function replayView({ examples: _, entries_read, entries_total, ...row }: ReplayRow): ReplayView {
  return { ...row, progress: { read: entries_read, total: entries_total } }
}
