/** What a result says, as a keyed digest: of the same content it is the same, and nobody tries contents against it. */
import { createHmac } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { deriveKey } from '@gatehouse/crypto/kdf'
import type { Node } from '@gatehouse/runtime/door/node'
import { encodeColumn } from '@gatehouse/tabular/chunk'
import { type Manifest, readTable, tableKey } from '../../../custody/catalog/index.ts'
import { resultFile } from './table.ts'

export async function digestOfRows(
  node: Node,
  tenant: Id<'tenant'>,
  project: Id<'project'>,
  { key, result, manifest }: { readonly key: Uint8Array; readonly result: Id<'query_result'>; readonly manifest: Manifest },
): Promise<string> {
  const secret = deriveKey(node.keys.primitives, await node.keys.secret(tenant, 'query/cohorts'), 'gatehouse/query/digests/v1')
  const mac = createHmac('sha256', secret).update(project)
  for (const { name, type } of manifest.fields) mac.update(`\0${name}\0${type}`)
  for await (const chunk of readTable(node.blobs, node.keys.primitives, tableKey(tenant, resultFile(tenant, result), key), manifest)) {
    for (const column of chunk.columns) mac.update(encodeColumn(column))
  }
  return mac.digest('hex')
}
