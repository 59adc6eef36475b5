import type { Id } from '@gatehouse/core/id'
import type { ReceivedMessage } from '@gatehouse/runtime/door/message-kind'
import type { Manifest } from '../../../custody/catalog/index.ts'
import type { ReceivedFile } from './store.ts'

/** What leaves with the parts of this node lies here until it has arrived. */
export const partsFolder = (tenant: Id<'tenant'>, run: string): string => `parts/${tenant}/${run}`
export const partFile = (tenant: Id<'tenant'>, run: string, source: string): string => `${partsFolder(tenant, run)}/${source}`

/** The objects of a table file, as they lie beside a message: `stays/manifest`. */
export function besideMessage(name: string, { file, chunks }: Manifest): { name: string; blob: string }[] {
  return [`${file}/manifest`, ...chunks.map(({ object }) => object)].map((blob) => ({ name: `${name}/${blob.slice(file.length + 1)}`, blob }))
}

/** The table file that came so, by the name that the message gives it. */
export function fileBeside(name: string, place: Omit<ReceivedFile, 'blobs'>, attachments: ReceivedMessage['attachments']): ReceivedFile {
  const mine = attachments.flatMap((one) => (one.name.startsWith(`${name}/`) ? [[one.name.slice(name.length + 1), one.blob] as const] : []))
  return { ...place, blobs: Object.fromEntries(mine) }
}
