import { isUnit } from './join.ts'
import type { PartView } from './schema.ts'
import type { PartRow } from './store.ts'

/** Figures are the other node's, as it told them. */
export function partViewOf({ peer, sources, state, reason, asked_at, deadline_at, changed_at, answer }: PartRow): PartView {
  const rows = Object.entries(answer?.figures ?? {}).map(([source, { rows_in, rows_out }]) => ({ source, rows_in, rows_out }))
  return { node: peer, sources: [...sources], links: isUnit({ sources }), state, reason, asked_at, deadline_at, changed_at, rows }
}
