/** Whether there is to be compared already, and that it is. */
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { type ComparisonRow, type ReceivedEncodings, receivedFor } from './store.ts'

export const unitQueue = 'query-comparisons'

/** What there is to compare: all that was to come, or what has come in time where the rest may be left out. */
export function readiness(
  { request: { parties, partial, wait_until } }: Pick<ComparisonRow, 'request'>,
  received: readonly ReceivedEncodings[],
  now: string,
): readonly ReceivedEncodings[] | 'waiting' | 'missing' {
  const there = received.filter(({ peer, tables }) =>
    parties.some(({ node, sources }) => node === peer && sources.toSorted().join(' ') === Object.keys(tables).toSorted().join(' ')),
  )
  if (there.length === parties.length) return there
  if (now < wait_until) return 'waiting'
  return partial && there.length > 0 ? there : 'missing'
}

/** Into the queue as soon as all is there; what is waited for in vain comes there by its time. */
export async function compareWhenReady({ node, tenant, now }: Pick<ActContext, 'node' | 'tenant' | 'now'>, tx: Tx, comparison: ComparisonRow): Promise<void> {
  if (comparison.state !== 'waiting' || readiness(comparison, await receivedFor(tx, comparison), now) === 'waiting') return
  const { peer, foreign_run: run } = comparison
  await node.queue.enqueue(tx, unitQueue, { tenant, peer, run }, { singletonKey: `${peer} ${run}` })
}
