/** Writes an export of the vault with the writer's own libraries, and what the log states of it. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toBase64, toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { signIn } from '@gatehouse/crypto/signature'
import type { Block, LoggedHead } from '../vault/chain.ts'
import { uuid, writeChain } from './write-bundle.ts'
import { writeLog } from './write-log.ts'

export interface Exported extends Record<keyof Block, string> {
  readable: boolean
}

const { sha256 } = nodePrimitives
const hashOf = (block: object) => toHex(sha256(utf8(canonicalJson(block))))

/** @param covered how many entries the export's checkpoint covers; each of the two rounds of heads is one entry */
export function writeVault({ subjects, blocks, covered }: { subjects: number; blocks: number; covered: number }) {
  const chains = Array.from({ length: subjects }, (_, at) => ({ subject: uuid(1, at), blocks: writeChain(at, blocks) }))
  const state = (entry: number, length: number): LoggedHead[] =>
    chains.map((chain) => ({ subject: chain.subject, head: hashOf(chain.blocks[length - 1] as object), blocks: length, entry }))
  const [own] = writeChain(9, 1)
  const { signature: _, ...unsigned } = own as Block
  const stranger = nodeSigner(new Uint8Array(32).fill(9))
  return {
    header: { format: 'gatehouse-vault/v1', created: '2026-01-01T00:00:00.000Z', checkpoint: writeLog(covered).checkpoint } as Record<string, unknown>,
    lines: chains.flatMap((chain) => chain.blocks.map((block): Exported => ({ ...block, readable: true }))),
    heads: [...state(0, 1), ...state(1, blocks)],
    /** A block of the vault of another tenant: well made, and signed by another key. */
    foreign: { ...unsigned, signature: toBase64(signIn(stranger, 'gatehouse/vault/block/v1', canonicalJson(unsigned))), readable: true } as Exported,
  }
}
