/**
 * From entries to what is added to the counters. Pure: each entry adds its own numbers and looks at no other, so the sum is the
 * same however the log is cut into pieces.
 */
import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'
import type { EntryBody } from '../../ledger/index.ts'
import { floorTo, type Grain, grains, keptFrom } from './grain.ts'
import { bucketOf } from './histogram.ts'
import { type Counted, countedIn, type Outcome, type TimedOperation, withFields, withReasons } from './outcome.ts'

/** Stands for "no partner" in a key: staff, and whoever was refused at the door. */
export const nobodysPartner = '00000000-0000-0000-0000-000000000000'

export interface CounterRow {
  readonly grain: Grain
  readonly at: Instant
  readonly partner_id: string
  readonly purpose: string
  readonly outcome: Outcome
  /** Empty for the act as a whole. */
  readonly field: string
  readonly reason: string
  readonly count: number
  readonly bytes: number
}

export interface LatencyRow {
  readonly grain: Grain
  readonly at: Instant
  readonly operation: TimedOperation
  readonly decision: 'permit' | 'deny'
  readonly partner_id: string
  readonly bucket: number
  readonly count: number
  readonly sum_ms: number
}

export interface Additions {
  readonly counters: readonly CounterRow[]
  readonly latencies: readonly LatencyRow[]
}

/** @param nowMs what is too old to be kept in a grain is not counted in it */
export function fold(bodies: readonly EntryBody[], nowMs: number): Additions {
  const counters = new Sums<Omit<CounterRow, 'count' | 'bytes'>>()
  const latencies = new Sums<Omit<LatencyRow, 'count' | 'sum_ms'>>()
  for (const body of bodies) {
    const counted = countedIn(body)
    if (counted === undefined) continue
    const partner_id = body.partner ?? nobodysPartner
    for (const grain of grains) {
      const start = floorTo(grain, instantMs(body.at))
      if (start < keptFrom(grain, nowMs)) continue
      const place = { grain, at: instantOf(start), partner_id }
      for (const outcome of counted.outcomes) countOutcome(counters, { ...place, purpose: body.purpose ?? '', outcome }, counted)
      if (counted.timed === undefined) continue
      const { operation, decision, ms } = counted.timed
      latencies.add({ ...place, operation, decision, bucket: bucketOf(ms) }, ms)
    }
  }
  return {
    counters: counters.rows((key, count, bytes) => ({ ...key, count, bytes })),
    latencies: latencies.rows((key, count, sum_ms) => ({ ...key, count, sum_ms })),
  }
}

function countOutcome(
  counters: Sums<Omit<CounterRow, 'count' | 'bytes'>>,
  act: Pick<CounterRow, 'grain' | 'at' | 'partner_id' | 'purpose' | 'outcome'>,
  { bytes, fields, reasons }: Counted,
): void {
  counters.add({ ...act, field: '', reason: '' }, bytes)
  // A minute tells of acts only: its fields would be most of the rows, and nobody looks at them.
  if (act.grain === 'minute') return
  if (withFields.includes(act.outcome)) for (const field of fields) counters.add({ ...act, field, reason: '' }, 0)
  if (withReasons.includes(act.outcome)) for (const reason of reasons) counters.add({ ...act, field: '', reason }, 0)
}

/** How often each key was met, and the sum of an amount. Keys of one kind are made with their members in one order. */
class Sums<Key extends object> {
  readonly #sums = new Map<string, { readonly key: Key; count: number; amount: number }>()

  add(key: Key, amount: number): void {
    const name = JSON.stringify(key)
    const sum = this.#sums.get(name) ?? { key, count: 0, amount: 0 }
    sum.count += 1
    sum.amount += amount
    this.#sums.set(name, sum)
  }

  rows<Row>(rowOf: (key: Key, count: number, amount: number) => Row): Row[] {
    return Array.from(this.#sums.values(), ({ key, count, amount }) => rowOf(key, count, amount))
  }
}
