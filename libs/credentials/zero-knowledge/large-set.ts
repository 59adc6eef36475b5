/**
 * What `gh-kimchi-v1` says, in the numbers of its circuit. A large set is a tree of Poseidon hashes over leaves, each of one consent;
 * the set's size and root are published, the leaves stay with the institution and whoever audits it.
 */
import { type Instant, instantMs } from '@gatehouse/core/instant'
import { lengthPrefixed, u32 } from '@gatehouse/crypto/bytes'
import { type ConsentGroup, compareBytes, membersMin, requestContext, type SetFault, type StatementAbout } from './statement.ts'

export const kimchiId = 'gh-kimchi-v1'
/** Room in the circuit's tree of twenty levels. */
export const leavesMax = 2 ** 20

/** Of the circuit's numbers: the base field of the curve Pallas. */
export const fieldOrder = 0x40000000000000000000000000000000224698fc094cf91b992d30ed00000001n

type Sha256 = (data: Uint8Array) => Uint8Array

export interface LargeSet {
  /** Its `expiry` is `any`: each consent's end is hidden and compared inside the proof. */
  readonly group: ConsentGroup
  readonly size: number
  /** A number of the circuit's field, 32 bytes big-endian. */
  readonly root: Uint8Array
  /** 32 bytes each, strictly ascending; only who proves needs them. */
  readonly leaves?: readonly Uint8Array[]
}
export type LargeStatement = StatementAbout<LargeSet>

export interface LeafOpening {
  readonly secret: bigint
  /** Milliseconds since 1970 at which the consent ends. */
  readonly until: bigint
}

/** For a consent without an end. */
export const endless = 2n ** 63n - 1n
export const endOf = (until: Instant | null): bigint => (until === null ? endless : BigInt(instantMs(until)))

/** A word as a number of the circuit: the first 31 bytes of its SHA-256, big-endian, so that it is below any order. */
export function circuitWord(sha256: Sha256, parts: readonly (string | Uint8Array)[]): bigint {
  return numberOf(sha256(lengthPrefixed(parts)).subarray(0, 31))
}

/** From a key of the person's own: once the key is destroyed, nobody has it. */
export function leafSecret(sha256: Sha256, key: Uint8Array, consent: string, { grantee, scope }: ConsentGroup): bigint {
  return circuitWord(sha256, ['gatehouse/zk/kimchi/secret/v1', key, consent, grantee, scope])
}

export const leafGroup = (sha256: Sha256, { grantee, scope }: ConsentGroup): bigint => circuitWord(sha256, ['gatehouse/zk/kimchi/group/v1', grantee, scope])

export const circuitTags = (sha256: Sha256) => ({
  leaf: circuitWord(sha256, ['gatehouse/zk/kimchi/leaf/v1']),
  nullifier: circuitWord(sha256, ['gatehouse/zk/kimchi/nullifier/v1']),
})

/** The public input: root, group, time, request, and a digest of the whole statement. */
export function publicInputOf(sha256: Sha256, statement: LargeStatement): readonly [bigint, bigint, bigint, bigint, bigint] {
  const { origin, checkpoint, set, time, requestHash, verifier } = statement
  const { grantee, scope, expiry } = set.group
  return [
    numberOf(set.root),
    leafGroup(sha256, set.group),
    BigInt(instantMs(time)),
    circuitWord(sha256, ['gatehouse/zk/kimchi/request/v1', requestContext(statement)]),
    circuitWord(sha256, [
      'gatehouse/zk/kimchi/statement/v1',
      origin,
      String(checkpoint.size),
      checkpoint.root,
      grantee,
      scope,
      expiry,
      u32(set.size),
      set.root,
      time,
      requestHash,
      verifier,
    ]),
  ]
}

/** The bytes that a large set's digest is taken of. */
export function largeSetBytes({ group: { grantee, scope, expiry }, size, root }: LargeSet): Uint8Array {
  return lengthPrefixed(['gatehouse/zk/large-set/v1', grantee, scope, expiry, u32(size), root])
}

export function largeSetFault({ size, root, leaves }: LargeSet): SetFault | undefined {
  if (!Number.isSafeInteger(size) || size < membersMin) return 'set_too_small'
  if (size > leavesMax) return 'set_too_large'
  if (root.length !== 32 || numberOf(root) >= fieldOrder || (leaves !== undefined && leaves.length !== size)) return 'set_not_canonical'
  return leaves?.every((leaf, at) => leaf.length === 32 && (at === 0 || compareBytes(leaves[at - 1] as Uint8Array, leaf) < 0)) === false
    ? 'set_not_canonical'
    : undefined
}

export function numberOf(bytes: Uint8Array): bigint {
  let number = 0n
  for (const byte of bytes) number = number * 256n + BigInt(byte)
  return number
}

/** 32 bytes, big-endian. */
export function numberBytes(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((number >> BigInt(8 * (31 - at))) & 255n))
}
