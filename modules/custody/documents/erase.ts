import { type BlobStore, listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import type { Eraser } from '@gatehouse/runtime/door/node'
import { subjectPrefix, tenantPrefix } from './names.ts'
import { deleteOf } from './store.ts'

export const documentsEraser: Eraser = {
  name: 'documents',
  tables: ['documents.document', 'documents.version'],
  eraseSubject: async (tx, _node, { subject }) => ({ 'documents.document': await deleteOf(tx, subject) }),
  purgeSubject: async (node, { tenant, subject }) => ({ 'documents.files': await deleteUnder(node.blobs, await subjectPrefix(node, tenant, subject)) }),
  purgeTenant: async (node, tenant) => ({ 'documents.files': await deleteUnder(node.blobs, await tenantPrefix(node, tenant)) }),
}

async function deleteUnder(blobs: BlobStore, prefix: string): Promise<number> {
  let deleted = 0
  for await (const { name } of listAll(blobs, prefix)) {
    await blobs.delete(name)
    deleted++
  }
  return deleted
}
