/**
 * Files on their way from this browser, a slice at a time: where the line or the node breaks, the next slice goes on from what the
 * node has. They go on while one looks at other pages, and end with the session.
 */
import { useSyncExternalStore } from 'react'
import { api, ask, GatehouseError, NodeAway } from '../../../api.ts'
import { queryClient, whenSessionEnds } from '../../../session.ts'
import { documentsKey } from './queries.ts'

export interface Upload {
  /** Shown on this screen only; the node is never told the name. */
  readonly fileName: string
  readonly size: number
  readonly sent: number
  readonly state: 'sending' | 'waiting' | 'done' | 'failed'
  readonly error: Error | null
}

const sliceBytes = 8 * 1024 ** 2
const attemptsMax = 30
const pauseMs = 2_000

let uploads: ReadonlyMap<string, Upload> = new Map()
const running = new Map<string, AbortController>()
const listeners = new Set<() => void>()

function change(document: string, part: Partial<Upload>): void {
  const before = uploads.get(document)
  if (before === undefined) return
  uploads = new Map(uploads).set(document, { ...before, ...part })
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

/** Sends a file as the newest version of a document. What becomes of it is told by `useUploads` and by the document itself. */
export function sendFile(document: string, file: File): void {
  if (running.has(document)) return
  const controller = new AbortController()
  running.set(document, controller)
  uploads = new Map(uploads).set(document, { fileName: file.name, size: file.size, sent: 0, state: 'sending', error: null })
  tell()
  globalThis.addEventListener('beforeunload', warn)
  void send(document, file, controller.signal).then(
    () => end(document, null),
    (error: unknown) => {
      if (!controller.signal.aborted) end(document, error as Error)
    },
  )
}

async function send(document: string, file: File, signal: AbortSignal): Promise<void> {
  const path = { document, upload: '' }
  for (let failed = 0; ; ) {
    try {
      if (path.upload === '') {
        path.upload = (await ask(() => api.POST('/v1/documents/{document}/uploads', { params: { path: { document } }, body: { bytes: file.size }, signal }))).id
      }
      const { received, version } = await ask(() => api.GET('/v1/documents/{document}/uploads/{upload}', { params: { path }, signal }))
      change(document, { sent: received, state: 'sending' })
      if (version !== null) return
      if (received === file.size) {
        await ask(() => api.POST('/v1/documents/{document}/uploads/{upload}/finish', { params: { path }, body: {}, signal }))
        return
      }
      await sendSlice(path, file, received, signal)
      failed = 0
    } catch (error) {
      if (signal.aborted || !passes(error) || ++failed === attemptsMax) throw error
      change(document, { state: 'waiting' })
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

/** The node is away for a while, or still keeps what was sent last. */
function passes(error: unknown): boolean {
  if (error instanceof NodeAway) return true
  return error instanceof GatehouseError && (error.problem.status >= 500 || error.problem.type.endsWith('/documents/offset-mismatch'))
}

/** `XMLHttpRequest`, because `fetch` does not tell what has left. */
function sendSlice({ document, upload }: { document: string; upload: string }, file: File, from: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.upload.onprogress = ({ loaded }) => change(document, { sent: from + loaded })
    request.onload = () => (request.status < 400 ? resolve() : reject(refusalOf(request)))
    request.onerror = () => reject(new NodeAway())
    request.onabort = () => reject(new NodeAway())
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.open('PATCH', `/v1/documents/${encodeURIComponent(document)}/uploads/${encodeURIComponent(upload)}?offset=${String(from)}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file.slice(from, from + sliceBytes))
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

function end(document: string, error: Error | null): void {
  running.delete(document)
  change(document, { state: error === null ? 'done' : 'failed', error })
  if (running.size === 0) globalThis.removeEventListener('beforeunload', warn)
  void queryClient.invalidateQueries({ queryKey: documentsKey })
}

/** Closing the tab would cut the file off; going to another page of the portal does not. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

/** Whoever signs in next in this browser neither continues nor sees what somebody else has sent. */
whenSessionEnds(() => {
  for (const controller of running.values()) controller.abort()
  running.clear()
  uploads = new Map()
  globalThis.removeEventListener('beforeunload', warn)
  tell()
})
