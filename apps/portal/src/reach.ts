/** Whether the node answers. Every call and the live stream tell; the banner and the pages listen. */
import { useSyncExternalStore } from 'react'

interface Reach {
  readonly away: boolean
  /** Milliseconds since 1970 of the node's last answer: how old what is on the screen may be. */
  readonly answeredAt: number
}

let reach: Reach = { away: false, answeredAt: Date.now() }
/** What was true at the last change. Answers alone do not draw pages anew. */
let shown = reach
const listeners = new Set<() => void>()

function become(next: Reach): void {
  const changed = next.away !== reach.away
  reach = next
  if (!changed) return
  shown = next
  for (const listener of listeners) listener()
}

export function nodeAnswered(): void {
  become({ away: false, answeredAt: Date.now() })
}

export function nodeSilent(): void {
  become({ ...reach, away: true })
}

export function useReach(): Reach {
  return useSyncExternalStore(subscribe, () => shown)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
