/** Files that are sent to planned imports. */
import { sendBytes, uploadsTo } from '../../../uploads.ts'
import { importsKey } from './queries.ts'

const uploads = uploadsTo(importsKey)
export const { use: useUploads, abandon: abandonUploads } = uploads

/** Sends a file to a planned import. What becomes of it is told by `useUploads` and by the import itself. */
export function sendFile(id: string, file: File): void {
  uploads.begin(id, file, (change, signal) =>
    sendBytes('POST', `/v1/vault/imports/${encodeURIComponent(id)}/records`, file, (sent) => change({ sent }), signal),
  )
}
