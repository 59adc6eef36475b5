/** Encodings of several sources compared, for a process of its own: it takes bytes, knows no key and nothing of the node, and keeps nothing. */
import { clksFrom } from '@gatehouse/linkage/bloom/clk'
import { groupsAmong } from '@gatehouse/linkage/bloom/groups'
import { limits } from './schema.ts'

export interface CompareTask {
  /** Of each source the encodings, one after the other. */
  readonly sources: readonly Uint8Array[]
  readonly threshold: number
}

/** @returns for each encoding, numbered through over all sources, its group. @throws BloomError `too_many_pairs` */
export function compare({ sources, threshold }: CompareTask): Int32Array {
  const { encodingBytes, pairsMax } = limits
  const filters = (bytes: Uint8Array) =>
    Array.from({ length: bytes.length / encodingBytes }, (_, at) => bytes.subarray(at * encodingBytes, (at + 1) * encodingBytes))
  return groupsAmong(
    sources.map((bytes) => clksFrom('', encodingBytes * 8, filters(bytes))),
    { threshold, pairsMax },
  )
}

/** How many coefficients that takes. */
export function comparisonsOf(records: readonly number[]): number {
  return records.reduce((sum, one, at) => sum + one * records.slice(at + 1).reduce((rest, other) => rest + other, 0), 0)
}
