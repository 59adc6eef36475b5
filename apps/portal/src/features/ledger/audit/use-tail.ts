import { useCallback, useEffect, useState } from 'react'
import type { Entry } from '../../../api.ts'
import { useNews } from '../../../live.ts'
import { emptyTail, type Tail, withNews } from '../../../tail.ts'

/** Entries that a tail keeps. When more have come, the list is read from its top again. */
const tailMax = 1_000

export interface LiveTail {
  /** Newest first. */
  readonly entries: readonly Entry[]
  /** How many came in all. */
  readonly seen: number
  readonly paused: boolean
  /** What came while it is paused, newest first. */
  readonly waiting: readonly Entry[]
  readonly pause: () => void
  readonly resume: () => void
}

/** What happens while one looks. @param startOver reads the list anew, because the tail no longer reaches down to it */
export function useTail(startOver: () => void): LiveTail {
  const [collected, collect] = useState<Tail>(emptyTail)
  const [held, hold] = useState<Tail | undefined>(undefined)
  useNews(['*'], (news) => collect((before) => withNews(before, news, tailMax)))
  const lost = held === undefined && collected.seen > collected.entries.length
  useEffect(() => {
    if (!lost) return
    collect(emptyTail)
    startOver()
  }, [lost, startOver])
  const shown = held ?? collected
  return {
    entries: shown.entries,
    seen: shown.seen,
    paused: held !== undefined,
    waiting: held === undefined ? [] : collected.entries.slice(0, collected.seen - held.seen),
    pause: useCallback(() => hold((before) => before ?? collected), [collected]),
    resume: useCallback(() => hold(undefined), []),
  }
}
