import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import type { Eraser } from '@gatehouse/runtime/door/node'

/** Nothing here is about a person whose records are kept. Attachments of an institution that is erased lie outside the database. */
export const federationEraser: Eraser = {
  name: 'federation',
  tables: [],
  eraseSubject: async () => ({}),
  async purgeTenant({ blobs }, tenant) {
    let count = 0
    for await (const { name } of listAll(blobs, `mesh/${tenant}/`)) {
      await blobs.delete(name)
      count++
    }
    return { 'federation.attachments': count }
  },
}
