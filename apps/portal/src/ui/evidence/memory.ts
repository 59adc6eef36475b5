/**
 * What this browser remembers of each log: the key it holds the log to, and the newest checkpoint it has seen. Neither is about a
 * person, and both must outlive a session: a log that was set back overnight is found out in the morning.
 */

/** Where it is kept: `localStorage`. */
export type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface Memory {
  /** The verifier key; the log must go on signing with it, or with one that it names as the next. */
  readonly key: string
  /** Those before it, from which it was followed: what they signed holds. */
  readonly earlier?: readonly string[]
  /** Whether somebody brought the key from elsewhere; else it is the one that the node gave first. */
  readonly pinned: boolean
  readonly seen?: SeenCheckpoint
}

export interface SeenCheckpoint {
  /** The signed note. */
  readonly checkpoint: string
  readonly size: number
  /** When it was seen first, as an instant. */
  readonly at: string
}

const nameOf = (origin: string) => `gatehouse-log ${origin}`

export function recall(keep: Keep, origin: string): Memory | undefined {
  const text = keep.getItem(nameOf(origin))
  if (text === null) return undefined
  try {
    const found = JSON.parse(text) as Partial<Memory> | null
    const earlier = found?.earlier ?? []
    return typeof found?.key === 'string' && typeof found.pinned === 'boolean' && Array.isArray(earlier) ? (found as Memory) : undefined
  } catch {
    return undefined
  }
}

function write(keep: Keep, origin: string, memory: Memory): void {
  keep.setItem(nameOf(origin), JSON.stringify(memory))
}

/** Keeps a checkpoint, unless another tab has kept a later one meanwhile. @param keys the newest last */
export function remember(keep: Keep, origin: string, keys: readonly string[], seen: SeenCheckpoint): void {
  const known = recall(keep, origin)
  const newest = known?.seen !== undefined && known.seen.size >= seen.size ? known.seen : seen
  const key = keys.at(-1) ?? ''
  if (newest !== seen && known?.key === key) return
  const earlier = keys.slice(0, -1)
  write(keep, origin, { key, ...(earlier.length === 0 ? {} : { earlier }), pinned: known?.pinned ?? false, seen: newest })
}

/** All that the browser holds the log to, the newest last. */
export const keysOf = ({ key, earlier = [] }: Memory): readonly string[] => [...earlier, key]

/** Holds the log to a key from elsewhere. Checkpoints of another key are evidence of nothing under this one. */
export function pin(keep: Keep, origin: string, key: string): void {
  const known = recall(keep, origin)
  write(keep, origin, { key, pinned: true, ...(known?.key === key && known.seen !== undefined ? { seen: known.seen } : {}) })
}

export function forget(keep: Keep, origin: string): void {
  keep.removeItem(nameOf(origin))
}
