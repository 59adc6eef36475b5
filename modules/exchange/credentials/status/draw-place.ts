import { listSize } from '@gatehouse/credentials/status/status-list'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { drawsMax, placesUsedMax } from '../schema.ts'
import { newestList, takePlace } from '../store.ts'

/** A place drawn at random, so that neighbours in the list have nothing to do with one another. */
export async function drawPlace({ tx, randomBytes }: TransactionContext): Promise<{ list: number; place: number }> {
  const { list: newest, used } = await newestList(tx)
  const list = used < placesUsedMax ? newest : newest + 1
  for (let draw = 0; draw < drawsMax; draw++) {
    // The size of a list is a power of two, so the remainder is even.
    const place = new DataView(Uint8Array.from(randomBytes(4)).buffer).getUint32(0) % listSize
    if (await takePlace(tx, list, place)) return { list, place }
  }
  throw new RangeError('no free place was found in the status list')
}
