import type { Id } from '@gatehouse/core/id'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { entryOf } from './entry.ts'
import { type Entry, type EntryFilter, entryFilters, indexSchema, watchPollMs } from './schema.ts'
import { integrated } from './sequencer.ts'
import { logSize, stretches } from './stretches.ts'
import { ledgerEntries, opaque, visibleTo } from './visibility.ts'

/** In the words of server-sent events; `id` is the index in the log. */
export interface WatchedEntry {
  readonly id: string
  readonly type: 'entry'
  readonly data: Entry
}

export const watch = operation({
  name: 'ledger.watch',
  summary: 'Follow the log as it grows',
  description: 'Server-sent events in the order of the log. Without `after` (the Last-Event-ID of a reader that comes back) it begins with what is new.',
  kind: 'steps',
  answers: 'events',
  input: z.strictObject({ ...entryFilters, after: indexSchema.optional() }),
  output: z.custom<AsyncIterable<WatchedEntry>>(),
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
 * Endless until its consumer returns it. A generator alone would not do: `return()` on one that waits for the next entry takes
 * effect only when there is one.
 */
function follow(node: Node, tenant: Id<'tenant'>, filter: EntryFilter, from: number): AsyncIterableIterator<WatchedEntry> {
  const news = node.of(integrated)
  let ended = false
  async function* entries(): AsyncGenerator<WatchedEntry, void> {
    let next = from
    while (!ended) {
      const size = await logSize(node, tenant)
      for await (const row of stretches(node, tenant, filter, next, size)) {
        yield { id: String(row.index), type: 'entry', data: entryOf(row) }
      }
      // A reader that is ahead of the log, after a restored backup say, waits until the log has caught up.
      next = Math.max(next, size)
      if (!ended) await news.wait(watchPollMs)
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
      news.ring()
      await found.return()
      return { done: true, value: undefined }
    },
  }
}
