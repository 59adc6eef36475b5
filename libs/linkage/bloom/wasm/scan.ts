/**
 * The program that compares one filter with a tile of others: about thirty instructions a record. For each record it counts the
 * bits both have, looks up how many are needed for the threshold, and notes the record where there are enough.
 */
import { type Code, control, i8x16, i16x8, i32, i32x4, local, v128 } from './instructions.ts'
import { moduleBytes } from './module.ts'

/** Records of a tile: 512 KiB at 1,024 bits, which stays in a core's cache while many filters go over it. */
export const tileRecords = 4_096

/** Where things lie in memory, in bytes. All but the tile fits into the first page. */
export const place = {
  /** The filter that is compared. */
  query: 0,
  /** For each sum of ones how many common bits are needed; 16 bits each. */
  needed: 512,
  /** Ones of each record in the tile; 16 bits each. */
  ones: 8_960,
  /** Record number and common bits of each hit; 32 bits each. */
  hits: 17_408,
  tile: 65_536,
} as const

/** The parameters come first, then the locals, then one register for each vector of the query. */
const [records, queryOnes, at, filter, hit, common, sum, firstQuery] = [0, 1, 2, 3, 4, 5, 6, 7]

/** @param bits of a filter, at most 2,048: a byte counts at most 8 bits of each of its 16 vectors */
export function scanModule(bits: number): Uint8Array<ArrayBuffer> {
  const vectors = Array.from({ length: bits / 128 }, (_, index) => index)

  const loadQuery = vectors.flatMap((index): Code[] => [i32.const(0), v128.load(place.query + 16 * index), local.set(firstQuery + index)])

  /** Bits that query and record both have, per byte; leaves a vector. */
  const commonBits = vectors.flatMap((index): Code[] => [
    local.get(firstQuery + index),
    local.get(filter),
    v128.load(place.tile + 16 * index),
    v128.and,
    i8x16.popcnt,
    ...(index === 0 ? [] : [i8x16.add]),
  ])

  /** Sixteen bytes to one number: pairs to eight, pairs to four, then the four lanes. */
  const addUp: Code[] = [
    i16x8.extaddPairwiseI8x16Unsigned,
    i32x4.extaddPairwiseI16x8Unsigned,
    local.tee(sum),
    i32x4.extractLane(0),
    local.get(sum),
    i32x4.extractLane(1),
    i32.add,
    local.get(sum),
    i32x4.extractLane(2),
    i32.add,
    local.get(sum),
    i32x4.extractLane(3),
    i32.add,
    local.tee(common),
  ]

  /** needed[queryOnes + ones[record]]; `at` and `queryOnes` are doubled already, as addresses of 16-bit numbers. */
  const neededBits: Code[] = [
    local.get(at),
    i32.load16Unsigned(place.ones),
    i32.const(1),
    i32.shl,
    local.get(queryOnes),
    i32.add,
    i32.load16Unsigned(place.needed),
  ]

  const noteHit: Code[] = [
    local.get(hit),
    local.get(at),
    i32.const(1),
    i32.shrUnsigned,
    i32.store(place.hits),
    local.get(hit),
    local.get(common),
    i32.store(place.hits + 4),
    local.get(hit),
    i32.const(8),
    i32.add,
    local.set(hit),
  ]

  const double = (variable: number): Code[] => [local.get(variable), i32.const(1), i32.shl, local.set(variable)]
  const advance = (variable: number, bytes: number): Code[] => [local.get(variable), i32.const(bytes), i32.add, local.set(variable)]

  const body: Code[] = [
    ...loadQuery,
    ...double(queryOnes),
    ...double(records),
    control.block(
      control.loop(
        ...[local.get(at), local.get(records), i32.geUnsigned, control.brIf(1)],
        ...commonBits,
        ...addUp,
        ...neededBits,
        ...[i32.geUnsigned, control.if(...noteHit)],
        ...advance(at, 2),
        ...advance(filter, bits / 8),
        control.br(0),
      ),
    ),
    ...[local.get(hit), i32.const(3), i32.shrUnsigned],
  ]

  const pages = place.tile / 65_536 + Math.ceil((tileRecords * bits) / 8 / 65_536)
  const locals = [i32.type, i32.type, i32.type, i32.type, v128.type, ...vectors.map(() => v128.type)]
  return moduleBytes({ name: 'scan', parameters: [i32.type, i32.type], results: [i32.type], locals, body }, pages)
}
