import type { Id } from '@gatehouse/core/id'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation } from '@gatehouse/runtime/door/operation'
import { newSignal } from '@gatehouse/runtime/work/signal'
import { z } from 'zod'
import { type EntryFilter, entryFilters, indexSchema, readAheadMax, watchPollMs } from './schema.ts'
import { logSize, stretches } from './stretches.ts'
import { fits, type TailEntry, tailEntry, tails } from './tail.ts'
import { ledgerEntries, opaque, visibleTo } from './visibility.ts'

/** In the words of server-sent events; `id` is the index in the log, `data` the entry. */
export interface WatchedEntry {
  readonly id: string
  readonly type: 'entry'
  readonly data: string
}

export const watch = operation({
  name: 'ledger.watch',
  summary: 'Follow the log as it grows',
  description: 'Server-sent events in the order of the log. Without `after` (the Last-Event-ID of a reader that comes back) it begins with what is new.',
  kind: 'steps',
  answers: 'events',
  input: z.strictObject({ ...entryFilters, after: indexSchema.optional() }),
  output: z.custom<AsyncIterable<readonly WatchedEntry[]>>(),
  access: { action: 'read', on: ledgerEntries },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/logs/stream' },
  example: { input: { after: 41 } },
  async run({ node, tenant, principal }, { after, ...filter }) {
    const from = after === undefined ? await logSize(node, tenant) : after + 1
    return follow(node, tenant, { ...filter, visibleTo: visibleTo(principal) }, from)
  },
})

/**
 * Batches of what is new, endless until the consumer returns it. A generator alone would not do: `return()` on one that waits for
 * the next entry takes effect only when there is one. A slow reader holds nothing back: each comes for more when it has taken the last.
 */
function follow(node: Node, tenant: Id<'tenant'>, filter: EntryFilter, from: number): AsyncIterableIterator<readonly WatchedEntry[]> {
  const tail = node.of(tails)(tenant)
  const left = newSignal()
  let ended = false
  async function* entries(): AsyncGenerator<readonly WatchedEntry[], void> {
    let next = from
    await tail.catchUp()
    while (!ended) {
      // Behind what is kept for all: read the log itself, a stretch at a time.
      if (next < tail.start) {
        const to = Math.min(next + readAheadMax, tail.start)
        const missed: WatchedEntry[] = []
        for await (const row of stretches(node, tenant, filter, next, to)) missed.push(watched(tailEntry(row)))
        next = to
        if (missed.length > 0) yield missed
        continue
      }
      const news = tail.from(next).filter(({ entry }) => fits(entry, filter))
      // A reader that is ahead of the log, after a restored backup say, waits until the log has caught up.
      next = Math.max(next, tail.end)
      if (news.length > 0) yield news.map(watched)
      else if (!ended) await Promise.race([tail.more(), left.wait(watchPollMs)])
    }
  }
  const found = entries()
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next: () => found.next(),
    async return() {
      ended = true
      left.ring()
      await found.return()
      return { done: true, value: undefined }
    },
  }
}

const watched = ({ index, json }: TailEntry): WatchedEntry => ({ id: String(index), type: 'entry', data: json })
