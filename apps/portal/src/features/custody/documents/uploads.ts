/**
 * Files on their way from this browser, a slice at a time: where the line or the node breaks, the next slice goes on from what the
 * node has.
 */
import { api, ask, GatehouseError, NodeAway } from '../../../api.ts'
import { sendBytes, uploadsTo } from '../../../uploads.ts'
import { documentsKey } from './queries.ts'

const sliceBytes = 8 * 1024 ** 2
const attemptsMax = 30
const pauseMs = 2_000

const uploads = uploadsTo(documentsKey)
export const { use: useUploads } = uploads

/** Sends a file as the newest version of a document. What becomes of it is told by `useUploads` and by the document itself. */
export function sendFile(document: string, file: File): void {
  uploads.begin(document, file, (change, signal) => send(document, file, change, signal))
}

type Change = Parameters<Parameters<typeof uploads.begin>[2]>[0]

async function send(document: string, file: File, change: Change, signal: AbortSignal): Promise<void> {
  const path = { document, upload: '' }
  for (let failed = 0; ; ) {
    try {
      if (path.upload === '') {
        path.upload = (await ask(() => api.POST('/v1/documents/{document}/uploads', { params: { path: { document } }, body: { bytes: file.size }, signal }))).id
      }
      const { received, version } = await ask(() => api.GET('/v1/documents/{document}/uploads/{upload}', { params: { path }, signal }))
      change({ sent: received, state: 'sending' })
      if (version !== null) return
      if (received === file.size) {
        await ask(() => api.POST('/v1/documents/{document}/uploads/{upload}/finish', { params: { path }, body: {}, signal }))
        return
      }
      const address = `/v1/documents/${encodeURIComponent(document)}/uploads/${encodeURIComponent(path.upload)}?offset=${String(received)}`
      await sendBytes('PATCH', address, file.slice(received, received + sliceBytes), (bytes) => change({ sent: received + bytes }), signal)
      failed = 0
    } catch (error) {
      if (signal.aborted || !passes(error) || ++failed === attemptsMax) throw error
      change({ state: 'waiting' })
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

/** The node is away for a while, or still keeps what was sent last. */
function passes(error: unknown): boolean {
  if (error instanceof NodeAway) return true
  return error instanceof GatehouseError && (error.problem.status >= 500 || error.problem.type.endsWith('/documents/offset-mismatch'))
}
