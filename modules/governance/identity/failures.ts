/**
 * Credentials that do not hold are counted per source and minute, and each count becomes one entry of the node's log: a flood of
 * guesses must not become a flood of entries. Until its minute is over a count lives in memory; the address itself is never
 * written, only its keyed digest.
 */
import { instantOf } from '@gatehouse/core/instant'
import { toHex } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Knock } from '@gatehouse/runtime/door/operation'
import { recordOwnAct } from '../../ledger/index.ts'
import { limits } from './schema.ts'

const minuteMs = 60_000
const unnamed = 'unnamed'
const others = 'others'

/** Minute → source → count. */
export function failureCounts(_node: Node): Map<number, Map<string, number>> {
  return new Map()
}

/** For the door's plug: called for each knock whose credential does not hold, and for what nobody-in-particular got wrong. */
export function countFailure(node: Node, { source }: Pick<Knock, 'source'>): void {
  const counts = node.of(failureCounts)
  const minute = Math.floor(node.source.nowMs() / minuteMs)
  const sources = counts.get(minute) ?? new Map<string, number>()
  counts.set(minute, sources)
  const named = source ?? unnamed
  const counted = sources.has(named) || sources.size < limits.failureSources ? named : others
  sources.set(counted, (sources.get(counted) ?? 0) + 1)
}

/** Writes the counts of the minutes that are over; with `all`, before the node stops, those of the current one too. */
export async function writeFailures(node: Node, options: { all?: boolean } = {}): Promise<void> {
  const counts = node.of(failureCounts)
  const now = node.source.nowMs()
  const over = [...counts].filter(([minute]) => options.all || minute < Math.floor(now / minuteMs))
  if (over.length === 0) return
  const key = await node.keys.secret(nodeTenant, 'identity/source')
  const digest = (source: string) => toHex(commitment(node.keys.primitives, key, 'gatehouse/identity/source/v1', source)).slice(0, 32)
  for (const [minute, sources] of over) {
    await node.database.transaction(nodeTenant, async (tx) => {
      for (const [source, count] of sources) {
        const details = { source: digest(source), minute: instantOf(minute * minuteMs), count }
        await recordOwnAct(tx, node, { tenant: nodeTenant, by: 'identity', type: 'identity.failures', facts: { decision: 'deny', details } })
      }
    })
    counts.delete(minute)
  }
}

export const failuresLoop: Loop = {
  name: 'identity.failures',
  idleMs: minuteMs,
  async run(node) {
    await writeFailures(node)
    return false
  },
}
