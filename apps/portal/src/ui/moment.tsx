import { useSyncExternalStore } from 'react'
import { useFormat } from '../i18n/format.ts'

const tickMs = 15_000
const listeners = new Set<() => void>()
let now = Date.now()
let clock: ReturnType<typeof setInterval> | undefined

/** One clock for all moments on the screen. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  clock ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(clock)
    clock = undefined
  }
}

function read(): number {
  // Fresh when the first moment is drawn; afterwards the clock turns it.
  if (clock === undefined) now = Date.now()
  return now
}

/** "3 minutes ago"; the exact instant with its zone on hover and focus, and for screen readers. In a list give `focusable={false}`: the row is enough. */
export function Moment({ at, focusable = true }: { readonly at: string; readonly focusable?: boolean }) {
  const format = useFormat()
  const from = useSyncExternalStore(subscribe, read)
  const exact = format.exact(at)
  // What happened since the clock's last turn is now, and not to come.
  return (
    <time className="note" dateTime={at} data-note={exact} {...(focusable ? { tabIndex: 0 } : {})}>
      {format.relative(at, Math.max(from, Math.min(Date.parse(at), Date.now())))}
      <span className="sr-only"> ({exact})</span>
    </time>
  )
}
