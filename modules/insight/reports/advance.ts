/**
 * Counts what is new in the logs. The place in the log and the counters are written in one transaction, so an entry counts once
 * whenever the process is killed, and however many processes count.
 */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { listTenants } from '../../governance/tenancy/index.ts'
import { readStretch } from '../../ledger/index.ts'
import { fold } from './fold.ts'
import { keptFrom } from './grain.ts'
import { countedTypes } from './outcome.ts'
import { placesAtOnceMax, tidyEveryMs } from './schema.ts'
import { add, forgetBefore, holdCursor, moveCursor } from './store.ts'

/** Counts the next entries of one log. @returns true when more wait */
export function advance(node: Node, tenant: Id<'tenant'>): Promise<boolean> {
  const nowMs = node.source.nowMs()
  return node.database.transaction(tenant, async (tx) => {
    const from = await holdCursor(tx)
    const next = await countStretch(tx, from, placesAtOnceMax, nowMs)
    return next - from === placesAtOnceMax
  })
}

/** @returns the place to go on from, which the cursor then has */
export async function countStretch(tx: Tx, from: number, limit: number, nowMs: number): Promise<number> {
  const { next, entries } = await readStretch(tx, countedTypes, from, limit)
  if (next === from) return from
  const additions = fold(
    entries.map(({ body }) => body),
    nowMs,
  )
  await Promise.all([add(tx, additions), moveCursor(tx, next)])
  return next
}

/** Forgets minutes and hours that are past their time. */
export async function tidy(tx: Tx, nowMs: number): Promise<void> {
  await Promise.all((['minute', 'hour'] as const).map((grain) => forgetBefore(tx, grain, instantOf(keptFrom(grain, nowMs)))))
}

const schedule = (_node: Node) => ({ tidyAtMs: 0 })

export const counting: Loop = {
  name: 'reports.counting',
  idleMs: 500,
  async run(node) {
    const due = node.of(schedule)
    const nowMs = node.source.nowMs()
    const tidies = nowMs >= due.tidyAtMs
    if (tidies) due.tidyAtMs = nowMs + tidyEveryMs
    let more = false
    for (const { id } of await node.database.transaction('node', listTenants)) {
      try {
        more = (await advance(node, id)) || more
        if (tidies) await node.database.transaction(id, (tx) => tidy(tx, nowMs))
      } catch (error) {
        // One log that cannot be read must not keep the others from being counted; the entries wait for it.
        node.log.error({ tenant: id, error: errorFields(error) }, 'a log could not be counted')
      }
    }
    return more
  },
}
