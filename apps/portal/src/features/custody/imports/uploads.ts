/**
 * Files on their way from this browser. They go on while one looks at other pages, and end with the session. The file is handed
 * to the browser as it is, which reads it from the disk piece by piece: `XMLHttpRequest`, because `fetch` does not tell what has left.
 */
import { useSyncExternalStore } from 'react'
import { GatehouseError, NodeAway } from '../../../api.ts'
import { queryClient, whenSessionEnds } from '../../../session.ts'
import { importsKey } from './queries.ts'

export interface Upload {
  readonly import: string
  /** Shown on this screen only; the node is never told the name. */
  readonly fileName: string
  readonly size: number
  readonly sent: number
  readonly state: 'sending' | 'done' | 'failed'
  readonly error: Error | null
}

let uploads: ReadonlyMap<string, Upload> = new Map()
const requests = new Map<string, XMLHttpRequest>()
const listeners = new Set<() => void>()

function change(id: string, part: Partial<Upload>): void {
  const before = uploads.get(id)
  if (before === undefined) return
  uploads = new Map(uploads).set(id, { ...before, ...part })
  tell()
}

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useUploads(): ReadonlyMap<string, Upload> {
  return useSyncExternalStore(subscribe, () => uploads)
}

/** Sends a file to a planned import. What becomes of it is told by `useUploads` and by the import itself. */
export function sendFile(id: string, file: File): void {
  if (requests.has(id)) return
  const request = new XMLHttpRequest()
  requests.set(id, request)
  uploads = new Map(uploads).set(id, { import: id, fileName: file.name, size: file.size, sent: 0, state: 'sending', error: null })
  tell()
  request.upload.onprogress = ({ loaded }) => change(id, { sent: loaded })
  request.onload = () => end(id, request.status < 400 ? null : refusalOf(request))
  request.onerror = () => end(id, new NodeAway())
  request.open('POST', `/v1/vault/imports/${encodeURIComponent(id)}/records`)
  request.setRequestHeader('content-type', 'application/octet-stream')
  request.send(file)
  globalThis.addEventListener('beforeunload', warn)
}

function end(id: string, error: Error | null): void {
  requests.delete(id)
  change(id, { state: error === null ? 'done' : 'failed', error })
  if (requests.size === 0) globalThis.removeEventListener('beforeunload', warn)
  void queryClient.invalidateQueries({ queryKey: importsKey })
}

/** Closing the tab would cut the file off; going to another page of the portal does not. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

function refusalOf(request: XMLHttpRequest): Error {
  try {
    return new GatehouseError(JSON.parse(request.responseText))
  } catch {
    // A proxy that answers for the node does not speak its language.
    return new NodeAway()
  }
}

/** Whoever signs in next in this browser neither continues nor sees what somebody else has sent. */
export function abandonUploads(): void {
  for (const request of requests.values()) request.abort()
  requests.clear()
  uploads = new Map()
  globalThis.removeEventListener('beforeunload', warn)
  tell()
}

whenSessionEnds(abandonUploads)
