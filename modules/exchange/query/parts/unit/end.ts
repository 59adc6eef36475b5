/** A comparison comes to its end at the linkage unit, once and with an entry: that it compared, and for whom, is all that stays. */
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { type ComparisonEvent, comparisonLife } from './states.ts'
import { type ComparisonRow, comparisonOf, moveComparison } from './store.ts'

interface End {
  readonly on: ComparisonEvent
  readonly at: Instant
  readonly reason?: string
  readonly toldBy?: ComparisonRow['told_by']
  /** The nodes whose encodings were compared. */
  readonly parties?: readonly string[]
}

/** @returns false where it had ended before */
export async function endComparison(
  acts: Pick<ActContext, 'record'>,
  tx: Tx,
  name: Pick<ComparisonRow, 'peer' | 'foreign_run'>,
  { on, at, reason, toldBy, parties }: End,
): Promise<boolean> {
  const comparison = await comparisonOf(tx, name, true)
  const to = comparison && comparisonLife.next(comparison.state, on)
  if (comparison === undefined || to === undefined || !(await moveComparison(tx, comparison, to, at, { reason, toldBy }))) return false
  const why = { ...(reason === undefined ? {} : { reason }), ...(parties === undefined ? {} : { parties: parties.join(', ') }) }
  const details = { node: name.peer, foreign_run: name.foreign_run, state: to, ...why }
  await acts.record(tx, 'query.comparison_ended', { object: { kind: 'project', id: comparison.project_id }, details })
  return true
}
