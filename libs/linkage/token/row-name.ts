/** How a row of a table is called where people decide about it: the same in every run of a project, and telling nothing of the row. */
import { concat, lengthPrefixed, toBase64url } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type Column, valueAt } from '@gatehouse/tabular/dataset'

const domain = 'gatehouse/linkage/row/v1'

/**
 * HMAC-SHA256 over the table's name and the row's key, as long as the source keeps the key.
 * @param rowKey of the project, 32 bytes
 * @param columns that tell the rows apart
 */
export function rowNames(
  primitives: Pick<Primitives, 'hmacSha256'>,
  rowKey: Uint8Array,
  table: string,
  columns: readonly Column[],
  rowCount: number,
): string[] {
  const head = lengthPrefixed([domain, table])
  return Array.from({ length: rowCount }, (_, row) => {
    const values = columns.map((column) => String(valueAt(column, row) ?? ''))
    return toBase64url(primitives.hmacSha256(rowKey, concat(head, lengthPrefixed(values))))
  })
}
