/** Each uploaded version has a key of its own, derived from a secret of the institution: with that secret all of them are gone. */
import type { Id } from '@gatehouse/core/id'
import { utf8 } from '@gatehouse/crypto/bytes'
import { derive } from '@gatehouse/crypto/kdf'
import type { Node } from '@gatehouse/runtime/door/node'
import { type TableKey, tableKey } from '../table-files/seal.ts'

export const everyFile = 'tables/'
/** Files that are being converted. */
export const everyScratch = 'scratch/uploads/'

export const filesOfTenant = (tenant: Id<'tenant'>) => `${everyFile}${tenant}/`
export const fileName = (tenant: Id<'tenant'>, upload: Id<'upload'>) => `${filesOfTenant(tenant)}${upload}`

export async function fileKey(node: Node, tenant: Id<'tenant'>, file: string): Promise<TableKey> {
  const secret = await node.keys.secret(tenant, 'catalog/tables')
  return tableKey(tenant, file, derive(node.keys.primitives, secret, utf8(file), 'gatehouse/catalog/table/v1', 32))
}
