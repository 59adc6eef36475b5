/**
 * The pages' share in what happens on the node: one stream of ledger entries per tab. A page says which types of entries touch
 * what it shows; nothing is asked for again and again.
 */
import type { QueryKey } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Entry, events, readSession, type ServerEvent, statusOf } from './api.ts'
import { nodeAnswered, nodeSilent } from './reach.ts'
import { queryClient, sessionEnded, sessionQuery } from './session.ts'
import { emptyTail, isOfType, type Tail, withNews } from './tail.ts'

/** Pages hear of what came at most so often, however fast it comes. */
const gatherMs = 250

type Listener = (entries: readonly Entry[]) => void

const listeners = new Set<Listener>()
let gathered: Entry[] = []
let handing = false

function receive(event: ServerEvent): void {
  nodeAnswered()
  if (event.type !== 'entry' || listeners.size === 0) return
  gathered.push(JSON.parse(event.data) as Entry)
  if (handing) return
  handing = true
  setTimeout(hand, gatherMs)
}

function hand(): void {
  const entries = gathered
  gathered = []
  handing = false
  for (const listener of listeners) listener(entries)
}

/** The node closes the stream because its follower would no longer be let in. Its word is checked, for the answer may be that a right was taken away. */
async function askAgain(): Promise<void> {
  const session = await readSession()
  if (session === null) sessionEnded()
  else queryClient.setQueryData(sessionQuery.queryKey, session)
}

/**
 * Keeps the tab's stream open until the returned function is called. A tab that nobody looks at gives its connection back, for a
 * browser opens only six to one node; when it is looked at again it goes on where it stood.
 */
export function followLedger(): () => void {
  let leaving: AbortController | undefined
  let lastEventId: string | undefined
  let breaks = 0
  const tell = (state: 'open' | 'waiting') => {
    breaks = state === 'open' ? 0 : breaks + 1
    if (state === 'open') nodeAnswered()
    // One break is nothing: proxies cut streams. A node that does not take it up again is away.
    else if (breaks > 1) nodeSilent()
  }
  const follow = async (signal: AbortSignal) => {
    const stream = events({
      url: new URL('/v1/logs/stream', globalThis.location.origin).href,
      signal,
      onState: tell,
      ...(lastEventId === undefined ? {} : { lastEventId }),
    })
    for await (const event of stream) {
      if (event.type === 'session-ended') {
        await askAgain()
        continue
      }
      lastEventId = event.id
      receive(event)
    }
  }
  const begin = () => {
    if (document.hidden || leaving !== undefined) return
    leaving = new AbortController()
    follow(leaving.signal).catch((error: unknown) => {
      if (statusOf(error) === 401) sessionEnded()
    })
  }
  const end = () => {
    leaving?.abort()
    leaving = undefined
  }
  const look = () => (document.hidden ? end() : begin())
  document.addEventListener('visibilitychange', look)
  begin()
  return () => {
    document.removeEventListener('visibilitychange', look)
    end()
  }
}

/** Calls `listener` with new entries of these types, at most four times a second. */
export function useNews(types: readonly string[], listener: Listener): void {
  const latest = useRef({ types, listener })
  useEffect(() => {
    latest.current = { types, listener }
  })
  useEffect(() => {
    const hear: Listener = (entries) => {
      const wanted = entries.filter((entry) => isOfType(entry, latest.current.types))
      if (wanted.length > 0) latest.current.listener(wanted)
    }
    listeners.add(hear)
    return () => void listeners.delete(hear)
  }, [])
}

/** Reads `queryKey` anew when an entry of one of the types arrives: `useLive(['release.*'], ['releases'])`. */
export function useLive(types: readonly string[], queryKey: QueryKey): void {
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const refresh = () => {
    waiting.current = undefined
    // An answer on its way may be older than the news: it is let finish, and asked for once more.
    if (queryClient.isFetching({ queryKey }) > 0) waiting.current = setTimeout(refresh, gatherMs)
    else void queryClient.invalidateQueries({ queryKey })
  }
  useNews(types, () => {
    if (waiting.current === undefined) refresh()
  })
  useEffect(() => () => clearTimeout(waiting.current), [])
}

/** Reads `queryKey` anew every `ms`: for what moves between two entries of the ledger, and for whoever does not read it. `undefined` rests. */
export function useLook(queryKey: QueryKey, ms: number | undefined): void {
  const latest = useRef(queryKey)
  useEffect(() => {
    latest.current = queryKey
  })
  useEffect(() => {
    if (ms === undefined) return
    const timer = setInterval(() => void queryClient.invalidateQueries({ queryKey: latest.current }), ms)
    return () => clearInterval(timer)
  }, [ms])
}

/** Entries that a tail keeps. */
const tailMax = 1_000

export interface LiveTail {
  /** What came since the page was opened, newest first. */
  readonly entries: readonly Entry[]
  /** How many came in all. */
  readonly seen: number
  readonly paused: boolean
  /** What came while it is paused, newest first. */
  readonly waiting: readonly Entry[]
  readonly pause: () => void
  readonly resume: () => void
}

/**
 * A live tail of the log, for the `head` of a list. While it is paused it stands still and goes on collecting.
 *
 * @param startOver reads the list anew, because more came than the tail keeps and it no longer reaches down to the rows that were read
 */
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
  const { entries, seen } = held ?? collected
  return {
    entries,
    seen,
    paused: held !== undefined,
    waiting: collected.entries.slice(0, collected.seen - seen),
    pause: useCallback(() => hold((before) => before ?? collected), [collected]),
    resume: useCallback(() => hold(undefined), []),
  }
}
