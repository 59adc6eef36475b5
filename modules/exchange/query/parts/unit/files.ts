import type { Id } from '@gatehouse/core/id'
import type { ReceivedMessage } from '@gatehouse/runtime/door/message-kind'
import type { ReceivedFile } from '../store.ts'

/** What goes to a linkage unit lies here until it has arrived. */
export const encodingsFolder = (tenant: Id<'tenant'>, run: string): string => `encodings/${tenant}/${run}`
/** What a linkage unit gives back lies here until it has arrived. */
export const groupsFolder = (tenant: Id<'tenant'>, { peer, foreign_run }: { readonly peer: string; readonly foreign_run: string }): string =>
  `groups/${tenant}/${peer}/${foreign_run}`

/** What lies beside a message, by the source that it is called by; of a file that did not come there is nothing to open. */
export function filesBeside<T extends Omit<ReceivedFile, 'blobs'>>(
  tables: Readonly<Record<string, T>>,
  attachments: ReceivedMessage['attachments'],
  part: 'encodings' | 'groups',
): Record<string, T & ReceivedFile> {
  const blobsOf = (as: string): Record<string, string> => Object.fromEntries(attachments.flatMap(({ name, blob }) => (name === as ? [[part, blob]] : [])))
  return Object.fromEntries(Object.entries(tables).map(([as, table]) => [as, { ...table, blobs: blobsOf(as) }]))
}
