/**
 * The end of a tenant's log as this process last read it, shared by all who follow it: fifty open pages cost one read of each
 * entry. Whoever has fallen behind what is kept here reads the log itself.
 */
import type { Id } from '@gatehouse/core/id'
import { instantMs } from '@gatehouse/core/instant'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Signal } from '@gatehouse/runtime/work/signal'
import { entryOf } from './entry.ts'
import { type Entry, type EntryFilter, readAheadMax, tailMax, watchPollMs } from './schema.ts'
import { integrated } from './sequencer.ts'
import type { PlacedEntry } from './store.ts'
import { logSize, stretches } from './stretches.ts'

/** An entry with its text, made once for all who are told of it. */
export interface TailEntry {
  readonly index: number
  readonly entry: Entry
  readonly json: string
}

export function tailEntry(row: PlacedEntry): TailEntry {
  const entry = entryOf(row)
  return { index: row.index, entry, json: JSON.stringify(entry) }
}

export class Tail {
  /** The index from which on everything is kept, and the one after the last. */
  start = 0
  end = 0
  private kept: TailEntry[] = []
  private readonly node: Node
  private readonly tenant: Id<'tenant'>
  private readonly news: Signal
  private reading: Promise<void> | undefined
  private round: Promise<void> | undefined

  constructor(node: Node, tenant: Id<'tenant'>) {
    this.node = node
    this.tenant = tenant
    this.news = node.of(integrated)
  }

  /** Reads what is new. Who asks while a read is under way gets the next one: the one under way may have begun too early. */
  async catchUp(): Promise<void> {
    await this.reading
    this.reading ??= this.read().finally(() => {
      this.reading = undefined
    })
    await this.reading
  }

  /** Resolves when there may be more; all who wait share one wait and one read. */
  more(): Promise<void> {
    this.round ??= this.news
      .wait(watchPollMs)
      .then(() => this.catchUp())
      .finally(() => {
        this.round = undefined
      })
    return this.round
  }

  /** What is kept from `index` on, which must not lie before `start`. */
  from(index: number): readonly TailEntry[] {
    const behind = this.kept.at(-1)
    if (behind === undefined || behind.index < index) return []
    let at = this.kept.length - 1
    while (at > 0 && (this.kept[at - 1]?.index ?? -1) >= index) at--
    return this.kept.slice(at)
  }

  private async read(): Promise<void> {
    const size = await logSize(this.node, this.tenant)
    if (size < this.end || size - this.end > tailMax) {
      // Nobody followed for a while, or a backup was restored under us: begin anew.
      this.kept = []
      this.start = Math.max(0, size - readAheadMax)
      this.end = this.start
    }
    for await (const row of stretches(this.node, this.tenant, {}, this.end, size)) this.kept.push(tailEntry(row))
    this.end = size
    if (this.kept.length > 2 * tailMax) {
      this.kept = this.kept.slice(-tailMax)
      this.start = this.kept[0]?.index ?? size
    }
  }
}

/** The tails of this process, by tenant. */
export const tails = (node: Node) => {
  const byTenant = new Map<Id<'tenant'>, Tail>()
  return (tenant: Id<'tenant'>): Tail => {
    const tail = byTenant.get(tenant) ?? new Tail(node, tenant)
    byTenant.set(tenant, tail)
    return tail
  }
}

/** What `integratedEntries` asks of the columns, asked of a body; the two are held together by a test. */
export function fits({ body }: Entry, filter: Omit<EntryFilter, 'subject'>): boolean {
  const wanted = [
    [filter.type, body.type],
    [filter.actor, body.actor.id],
    [filter.decision, body.decision],
    [filter.partner, body.partner],
    [filter.visibleTo, body.partner],
    [filter.purpose, body.purpose],
    [filter.object_kind, body.object?.kind],
    [filter.object_id, body.object?.id],
  ]
  if (wanted.some(([want, is]) => want !== undefined && want !== is)) return false
  if (filter.visibleTo !== undefined && body.decision === 'deny') return false
  const at = instantMs(body.at)
  return (filter.since === undefined || at >= Date.parse(filter.since)) && (filter.until === undefined || at < Date.parse(filter.until))
}
