/** Who is not to be read: their rows go before anything else of the chunk is looked at. The step knows digests and decides nothing. */
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { columnOf, type Dataset, missingCode } from '@gatehouse/tabular/dataset'
import { keepRows } from '@gatehouse/tabular/rows'
import { asText } from './columns.ts'
import type { StageCounts } from './counts.ts'

export interface Excluded {
  /** HMAC-SHA256 of an id, as the source has it, gives its digest. */
  readonly key: Uint8Array
  /** In hex. */
  readonly digests: ReadonlySet<string>
}

/** Each distinct id of the chunk is digested once. A row without an id is nobody's that objected, and stays. */
export function exclude(primitives: Pick<Primitives, 'hmacSha256'>, chunk: Dataset, subject: string, excluded: Excluded, counts: StageCounts): Dataset {
  counts.rowsIn += chunk.rowCount
  const { codes, dictionary } = asText(columnOf(chunk, subject))
  const stays = Uint8Array.from(dictionary, (id) => (excluded.digests.has(toHex(primitives.hmacSha256(excluded.key, utf8(id)))) ? 0 : 1))
  const mask = new Uint8Array(codes.length)
  for (let row = 0; row < mask.length; row++) mask[row] = codes[row] === missingCode ? 1 : (stays[codes[row] as number] as number)
  const kept = keepRows(chunk, mask)
  counts.rowsOut += kept.rowCount
  counts.because('objected', chunk.rowCount - kept.rowCount)
  return kept
}
