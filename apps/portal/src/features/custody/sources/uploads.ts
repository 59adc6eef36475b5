/** Files that are sent to a source of files, each as a table. */
import { sendBytes, uploadsTo } from '../../../uploads.ts'
import { sourcesKey } from './queries.ts'

const uploads = uploadsTo(sourcesKey)
export const { use: useUploads } = uploads

/** @param table the name of the table, which it makes or of which it is the next version */
export function sendTable(source: string, table: string, file: File): void {
  uploads.begin(`${source} ${table}`, file, (change, signal) =>
    sendBytes('POST', `/v1/data-sources/${encodeURIComponent(source)}/uploads?name=${encodeURIComponent(table)}`, file, (sent) => change({ sent }), signal),
  )
}
