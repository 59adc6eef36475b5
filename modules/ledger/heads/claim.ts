/**
 * The head of a log in the store of heads: origin, size and root as a checkpoint writes them. It moves there before anything is signed, so that
 * of two sequencers that work on copies of one database only one signs, and a database that was put back from a backup signs nothing.
 */
import type { Id } from '@gatehouse/core/id'
import { utf8, utf8Text } from '@gatehouse/crypto/bytes'
import { type HeadStore, HeadStoreError } from '@gatehouse/runtime/data/heads/head-store'
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '@gatehouse/transparency/checkpoint'
import { logOrigin } from '../key.ts'
import type { Halt } from './store.ts'

/** Where a log's head is kept: `log/<tenant>`, and `log/<tenant>/2` for its first successor. */
export function headName(tenant: Id<'tenant'>, generation: number): string {
  return generation === 1 ? `log/${tenant}` : `log/${tenant}/${generation}`
}

export interface Claim {
  readonly tenant: Id<'tenant'>
  readonly generation: number
  /** What the database signed last under this origin; `undefined` where it signed nothing. */
  readonly from: Pick<Checkpoint, 'size' | 'root'> | undefined
  /** Whether `from` was put into the store: then the store has to know it. */
  readonly stored: boolean
  /** What shall be signed next; `undefined` only to look whether the store agrees. */
  readonly to: Pick<Checkpoint, 'size' | 'root'> | undefined
}

const triesMax = 3

/** @returns `claimed` when the store now says what the claim does, or why nothing may be signed */
export async function claimHead(heads: HeadStore, { tenant, generation, from, stored, to }: Claim): Promise<'claimed' | Halt> {
  const name = headName(tenant, generation)
  const textOf = (head: Pick<Checkpoint, 'size' | 'root'>) => formatCheckpoint({ origin: logOrigin(tenant, generation), ...head })
  const halt = (reason: Halt['reason'], stored_size: number | null): Halt => ({ reason, size: from?.size ?? 0, stored_size })
  try {
    for (let tries = 0; tries < triesMax; tries++) {
      const head = await heads.read(name)
      const found = head === undefined ? undefined : utf8Text(head.value)
      // Claimed before a crash, or by another process that prepared the same: it is ours to sign.
      if (to !== undefined && found === textOf(to)) return 'claimed'
      if (head === undefined && stored) return halt('missing', null)
      if (head !== undefined && (from === undefined || found !== textOf(from))) return halt('behind', parseCheckpoint(found ?? '')?.size ?? null)
      if (to === undefined) return 'claimed'
      if ((await heads.compareAndSwap(name, head?.version, utf8(textOf(to)))) !== undefined) return 'claimed'
    }
  } catch (error) {
    if (!(error instanceof HeadStoreError)) throw error
  }
  return halt('unreachable', null)
}
