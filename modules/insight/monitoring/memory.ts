/**
 * What a rule remembers about one whom it watches. Three kinds of memory, each bounded whatever comes: sums in sixty slots of a
 * window, the last so many persons, and the purposes seen. All of it is JSON, so that it can be laid down and taken up again.
 */

import type { Concern } from './concern.ts'
import type { Condition, ConditionOf } from './condition.ts'
import type { Fact } from './fact.ts'

/** `[slot, amount]`, ascending; a slot is a sixtieth of the window, counted from 1970. */
type Sums = readonly (readonly [number, number])[]
/** `[person, moment]`, the one seen last at the end. */
type Walk = readonly (readonly [string, number])[]
interface Purposes {
  readonly since: number
  readonly known: readonly string[]
}
export type Memory = Sums | Walk | Purposes

export interface Remembered {
  readonly memory: Memory
  /** What has been reached, where the fact makes the rule fire. */
  readonly fires?: number
}

const slots = 60
const purposesKeptMax = 500
const dayMs = 86_400_000

type Counting = Exclude<Condition, { kind: 'new_purpose' | 'subject_walk' }>

/** Settings and faults are told each time: they count to one. */
function counting(condition: Counting): { readonly threshold: number; readonly windowMs: number } {
  if ('threshold' in condition) return { threshold: condition.threshold, windowMs: condition.window_seconds * 1_000 }
  return { threshold: 1, windowMs: 60_000 }
}

function slotMs(windowMs: number): number {
  return Math.max(1_000, Math.ceil(windowMs / slots))
}

export function remember(condition: Condition, memory: Memory | undefined, fact: Fact, { amount }: Concern): Remembered {
  switch (condition.kind) {
    case 'new_purpose':
      return purposes(condition, memory as Purposes | undefined, fact)
    case 'subject_walk':
      return walk(condition, memory as Walk | undefined, fact)
    default:
      return sums(condition, memory as Sums | undefined, fact.atMs, amount)
  }
}

/**
 * The sum over the window behind the newest fact, where the slot in which the window begins counts whole: what lies within the
 * window is never missed, and what lies more than a slot before it never counts.
 */
function sums(condition: Counting, before: Sums = [], atMs: number, amount: number): Remembered {
  const { threshold, windowMs } = counting(condition)
  const step = slotMs(windowMs)
  const slot = Math.floor(atMs / step)
  const newest = Math.max(slot, before.at(-1)?.[0] ?? slot)
  const first = newest - Math.ceil(windowMs / step)
  // An entry that found its place late counts where it belongs, unless the window has moved on.
  const all = new Map(before)
  all.set(slot, (all.get(slot) ?? 0) + amount)
  const memory = [...all].filter(([place]) => place >= first).sort(([left], [right]) => left - right)
  const sum = memory.reduce((total, [, part]) => total + part, 0)
  return slot >= first && sum >= threshold ? { memory, fires: sum } : { memory }
}

/** Only the last `threshold` persons are kept: when all of them lie within the window, the threshold is reached. */
function walk(condition: ConditionOf<'subject_walk'>, before: Walk = [], { person = '', atMs }: Fact): Remembered {
  const seen = before.findIndex(([known]) => known === person)
  const last = before.at(-1)?.[1] ?? atMs
  const paused = condition.shape === 'burst' && atMs - last > condition.pause_seconds * 1_000
  const kept = paused
    ? []
    : condition.shape === 'sequential'
      ? // Somebody met again: the walk began anew after the first meeting.
        before.slice(seen + 1)
      : before.filter((_, place) => place !== seen)
  const now = Math.max(atMs, last)
  const memory = [...kept, [person, now] as const].filter(([, at]) => at > now - condition.window_seconds * 1_000).slice(-condition.threshold)
  return memory.length >= condition.threshold ? { memory, fires: memory.length } : { memory }
}

function purposes(condition: ConditionOf<'new_purpose'>, before: Purposes | undefined, { purpose = '', atMs }: Fact): Remembered {
  const { since, known } = before ?? { since: atMs, known: [] }
  if (known.includes(purpose)) return { memory: { since, known } }
  const memory = { since, known: [...known, purpose].slice(-purposesKeptMax) }
  return atMs - since >= condition.learning_days * dayMs ? { memory, fires: memory.known.length } : { memory }
}

/** When the memory has no more to say, in milliseconds; `null` for one that is kept for ever. */
export function forgottenAt(condition: Condition, memory: Memory): number | null {
  if (condition.kind === 'new_purpose') return null
  if (condition.kind === 'subject_walk') return ((memory as Walk).at(-1)?.[1] ?? 0) + condition.window_seconds * 1_000
  const { windowMs } = counting(condition)
  return ((memory as Sums).at(-1)?.[0] ?? 0) * slotMs(windowMs) + windowMs + 2 * slotMs(windowMs)
}

/** How far back a rule has to look to know what it would have known; `null` for everything. */
export function reachMs(condition: Condition): number | null {
  if (condition.kind === 'new_purpose') return null
  if (condition.kind === 'subject_walk') return condition.window_seconds * 1_000
  const { windowMs } = counting(condition)
  return windowMs + slotMs(windowMs)
}
