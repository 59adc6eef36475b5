/**
 * Files on their way from this browser. They go on while one looks at other pages, and end with the session. A file is handed to the
 * browser as it is, which reads it from the disk piece by piece.
 */
import type { QueryKey } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { GatehouseError, NodeAway } from './api.ts'
import { queryClient, whenSessionEnds } from './session.ts'

export interface Upload {
  /** Of what it becomes a part. */
  readonly id: string
  /** Shown on this screen only; the node is never told the name. */
  readonly fileName: string
  readonly size: number
  readonly sent: number
  readonly state: 'sending' | 'waiting' | 'done' | 'failed'
  readonly error: Error | null
}

type Change = (part: Pick<Partial<Upload>, 'sent' | 'state'>) => void

export interface Uploads {
  readonly use: () => ReadonlyMap<string, Upload>
  /** Begins to send, where nothing is sent to that already. What becomes of it is told by `use`. */
  readonly begin: (id: string, file: File, send: (change: Change, signal: AbortSignal) => Promise<unknown>) => void
  /** Whoever signs in next in this browser neither continues nor sees what somebody else has sent. */
  readonly abandon: () => void
}

/** Closing the tab would cut a file off; going to another page of the portal does not. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

/** @param queryKey what is read anew once a file has come */
export function uploadsTo(queryKey: QueryKey): Uploads {
  let uploads: ReadonlyMap<string, Upload> = new Map()
  const running = new Map<string, AbortController>()
  const listeners = new Set<() => void>()
  const become = (next: ReadonlyMap<string, Upload>) => {
    uploads = next
    for (const listener of listeners) listener()
  }
  const change = (id: string, part: Partial<Upload>) => {
    const before = uploads.get(id)
    if (before !== undefined) become(new Map(uploads).set(id, { ...before, ...part }))
  }
  const end = (id: string, error: Error | null) => {
    running.delete(id)
    change(id, { state: error === null ? 'done' : 'failed', error })
    if (running.size === 0) globalThis.removeEventListener('beforeunload', warn)
    void queryClient.invalidateQueries({ queryKey })
  }
  const abandon = () => {
    for (const controller of running.values()) controller.abort()
    running.clear()
    globalThis.removeEventListener('beforeunload', warn)
    become(new Map())
  }
  whenSessionEnds(abandon)
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    use: () => useSyncExternalStore(subscribe, () => uploads),
    begin(id, file, send) {
      if (running.has(id)) return
      const controller = new AbortController()
      running.set(id, controller)
      become(new Map(uploads).set(id, { id, fileName: file.name, size: file.size, sent: 0, state: 'sending', error: null }))
      globalThis.addEventListener('beforeunload', warn)
      void send((part) => change(id, part), controller.signal).then(
        () => end(id, null),
        (error: unknown) => {
          if (!controller.signal.aborted) end(id, error as Error)
        },
      )
    },
    abandon,
  }
}

/** `XMLHttpRequest`, because `fetch` does not tell what has left. @throws GatehouseError with the node's problem; NodeAway where nobody answers */
export function sendBytes(method: 'PATCH' | 'POST', address: string, body: Blob, onSent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onload = () => (request.status < 400 ? resolve() : reject(refusalOf(request)))
    request.onerror = () => reject(new NodeAway())
    request.onabort = () => reject(new NodeAway())
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.open(method, address)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(body)
  })
}

function refusalOf(request: XMLHttpRequest): Error {
  try {
    return new GatehouseError(JSON.parse(request.responseText))
  } catch {
    // A proxy that answers for the node does not speak its language.
    return new NodeAway()
  }
}
