/** Walks chains block by block and names the place of every fault. It holds one block of memory, however many there are. */
import { nodeVerify } from '@gatehouse/crypto/node'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { blockFaults, genesisHash } from './block.ts'
import { type ChainFault, type ChainFaultName, faultsMax } from './schema.ts'
import type { WalkedRow, WalkPlace } from './store.ts'

export interface WalkResult {
  readonly subjects: number
  readonly blocks: number
  /** Blocks that are whole and that nobody can open, because the person's key was destroyed. */
  readonly unreadable: number
  readonly faultCount: number
  readonly faults: readonly ChainFault[]
}

export interface ChainWalk {
  /** Blocks in the order (person, sequence). */
  take(row: WalkedRow): void
  /** A chain that lost all its blocks. */
  missing(place: { subject_id: ChainFault['subject_id']; sequence: number }): void
  end(): WalkResult
  /** Where the next page of blocks begins. */
  readonly place: WalkPlace
  /** Taken so far. */
  readonly blocks: number
}

const beforeAll: WalkPlace = { subject: '00000000-0000-0000-0000-000000000000', sequence: 0 }

export function chainWalk(primitives: Primitives, publicKeys: readonly Uint8Array[]): ChainWalk {
  const faults: ChainFault[] = []
  let last: WalkedRow | undefined
  let [subjects, blocks, unreadable, faultCount] = [0, 0, 0, 0]

  const tell = (row: Pick<WalkedRow, 'subject_id' | 'sequence'> & Partial<Pick<WalkedRow, 'block_id'>>, fault: ChainFaultName): void => {
    faultCount++
    if (faults.length >= faultsMax) return
    faults.push({ subject_id: row.subject_id, ...(row.block_id === undefined ? {} : { block_id: row.block_id }), sequence: row.sequence, fault })
  }

  /** The head was read in the same statement as the block, so a chain that grows during the walk is no fault. */
  const closeChain = (): void => {
    if (last === undefined) return
    if (last.head_sequence === null || last.head_hash === null) tell(last, 'head_missing')
    else if (last.head_sequence !== last.sequence || !primitives.equal(last.head_hash, last.block_hash)) tell(last, 'head')
  }

  return {
    take(row) {
      const continues = last?.subject_id === row.subject_id
      if (!continues) {
        closeChain()
        subjects++
      }
      const before = continues ? last : undefined
      blocks++
      if (!row.readable) unreadable++
      if (row.sequence !== (before?.sequence ?? 0) + 1) tell(row, 'sequence')
      for (const fault of blockFaults(primitives, nodeVerify, publicKeys, row, before?.block_hash ?? genesisHash)) tell(row, fault)
      last = row
    },
    missing(place) {
      tell(place, 'blocks_missing')
    },
    end() {
      closeChain()
      last = undefined
      return { subjects, blocks, unreadable, faultCount, faults }
    },
    get blocks() {
      return blocks
    },
    get place() {
      return last === undefined ? beforeAll : { subject: last.subject_id, sequence: last.sequence }
    },
  }
}
