import type { QueryKey } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useNews } from '../../../live.ts'
import { queryClient } from '../../../session.ts'

/** Counters follow the log by a second or two, so what came is looked for when they have mostly, and when they have surely caught up. */
const caughtUpMs = [1_500, 4_000]

/** Reads sums of the log anew after entries of these types, at most once in one and a half seconds however many there are. */
export function useCounted(types: readonly string[], queryKey: QueryKey): void {
  const waiting = useRef(new Set<ReturnType<typeof setTimeout>>())
  useNews(types, () => {
    if (waiting.current.size === caughtUpMs.length) return
    for (const timer of waiting.current) clearTimeout(timer)
    waiting.current.clear()
    for (const ms of caughtUpMs) {
      const timer = setTimeout(() => {
        waiting.current.delete(timer)
        void queryClient.invalidateQueries({ queryKey })
      }, ms)
      waiting.current.add(timer)
    }
  })
  useEffect(() => () => waiting.current.forEach(clearTimeout), [])
}
