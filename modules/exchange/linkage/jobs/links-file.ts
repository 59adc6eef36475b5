/** Where the links of a job lie: a sealed table file of digests of rows, for whoever works with the project's links later. */
import type { Id } from '@gatehouse/core/id'
import { utf8 } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Dataset } from '@gatehouse/tabular/dataset'
import { datasetFrom } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { readManifest, readTable, rowsPerChunk, type TableKey, tableKey, writeTable } from '../../../custody/catalog/index.ts'
import type { Linked } from './link-tables.ts'

const fields: readonly Field[] = [
  { name: 'left_row', type: 'string', sensitivity: 'quasi_identifier', nullable: false },
  { name: 'right_row', type: 'string', sensitivity: 'quasi_identifier', nullable: false },
  { name: 'probability', type: 'number', sensitivity: 'plain', nullable: false },
]

async function keyOf({ keys }: Node, tenant: Id<'tenant'>, job: Id<'link_job'>): Promise<TableKey> {
  const info = utf8(`gatehouse/linkage/links/v1 ${job}`)
  return tableKey(tenant, `links/${tenant}/${job}`, keys.primitives.hkdfSha256(await keys.secret(tenant, 'linkage/links'), new Uint8Array(32), info, 32))
}

export async function keepLinks(node: Node, tenant: Id<'tenant'>, job: Id<'link_job'>, { left, right, probability }: Linked['links']): Promise<void> {
  function* chunks() {
    for (let start = 0; start < left.length; start += rowsPerChunk) {
      const rows = Array.from({ length: Math.min(rowsPerChunk, left.length - start) }, (_, index) => ({
        left_row: left[start + index] as string,
        right_row: right[start + index] as string,
        probability: probability[start + index] as number,
      }))
      yield datasetFrom(fields, rows)
    }
  }
  await writeTable(node.blobs, node.keys.primitives, await keyOf(node, tenant, job), fields, chunks())
}

/** The links of a job that is done: `left_row`, `right_row`, `probability`. */
export async function* linksOf(node: Node, tenant: Id<'tenant'>, job: Id<'link_job'>): AsyncGenerator<Dataset, void, undefined> {
  const key = await keyOf(node, tenant, job)
  const manifest = await readManifest(node.blobs, node.keys.primitives, key)
  if (manifest !== undefined) yield* readTable(node.blobs, node.keys.primitives, key, manifest)
}
