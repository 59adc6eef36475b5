/** How a release stands on the exchange socket: what it is in the header line, the record as the data behind it. */
import type { ReleasedData } from '@gatehouse/modules/exchange/release/index'

export function frame(output: unknown): { header: unknown; data: string } {
  const { record, ...about } = output as ReleasedData
  const data = JSON.stringify(record)
  return { header: { ...about, content_type: 'application/json', bytes: Buffer.byteLength(data) }, data }
}
