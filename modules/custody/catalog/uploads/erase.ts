import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import type { Eraser } from '@gatehouse/runtime/door/node'
import { filesOfTenant } from './file-key.ts'

/** Uploads are tables and not persons' records: they go with their institution, or with the next version of the table. */
export const catalogEraser: Eraser = {
  name: 'catalog',
  tables: [],
  eraseSubject: async () => ({}),
  async purgeTenant(node, tenant) {
    let deleted = 0
    for await (const { name } of listAll(node.blobs, filesOfTenant(tenant))) {
      await node.blobs.delete(name)
      deleted++
    }
    return { 'catalog.files': deleted }
  },
}
