import { type BlobStore, listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { KeyGoneError } from '@gatehouse/runtime/data/keys/key-store'
import type { Eraser } from '@gatehouse/runtime/door/node'
import { subjectPrefix, tenantPrefix } from './names.ts'
import { blobsOfTenant, deleteOf } from './store.ts'

export const documentsEraser: Eraser = {
  name: 'documents',
  tables: ['documents.document', 'documents.version'],
  eraseSubject: async (tx, _node, { subject }) => ({ 'documents.document': await deleteOf(tx, subject) }),
  purgeSubject: async (node, { tenant, subject }) => ({ 'documents.files': await deleteUnder(node.blobs, await subjectPrefix(node, tenant, subject)) }),
  async purgeTenant(node, tenant) {
    const named = await node.database.transaction(tenant, blobsOfTenant)
    for (const name of named) await node.blobs.delete(name)
    // In a restored backup the keys are dead, and the prefix with them: what no row names is swept as an orphan.
    const prefix = await tenantPrefix(node, tenant).catch((error: unknown) => {
      if (error instanceof KeyGoneError) return undefined
      throw error
    })
    return { 'documents.files': named.length + (prefix === undefined ? 0 : await deleteUnder(node.blobs, prefix)) }
  },
}

async function deleteUnder(blobs: BlobStore, prefix: string): Promise<number> {
  let deleted = 0
  for await (const { name } of listAll(blobs, prefix)) {
    await blobs.delete(name)
    deleted++
  }
  return deleted
}
