/** What a consent proof says, and the set it says it about. Everything here is bound into the proof's challenge. */
import { type Instant, instantMs } from '@gatehouse/core/instant'
import { lengthPrefixed, u32 } from '@gatehouse/crypto/bytes'
import type { Element } from '@gatehouse/crypto/group/group'

/** Below this many real members a set would tell too much: a proof is refused on both sides. */
export const membersMin = 32
/** The largest set of one proof by `gh-gk-ristretto-v1`; larger groups are published in parts. */
export const membersMax = 1_024
/** A proof speaks of a set that was published at most this long before. */
export const freshnessSeconds = 600

/** The consents that are of one kind: whoever is in it permits this grantee this scope, up to the month in which they end. */
export interface ConsentGroup {
  /** The reference of the partner, or `*` for anybody. */
  readonly grantee: string
  /** Purpose and class of data, as the set spells them. */
  readonly scope: string
  /** The month (UTC) in which the members' consents end, `2027-11`; `none` for consents without an end; `any` where the proof itself compares it. */
  readonly expiry: string
}

export interface ConsentSet {
  readonly group: ConsentGroup
  /** Strictly ascending, so that nobody is counted twice and one set has one encoding. */
  readonly members: readonly Element[]
}

export interface StatementAbout<Set> {
  /** The log in which the set is published. */
  readonly origin: string
  readonly checkpoint: { readonly size: number; readonly root: Uint8Array }
  readonly set: Set
  /** When the permission is claimed to hold. */
  readonly time: Instant
  /** SHA-256 of the request that the proof belongs to; 32 bytes. */
  readonly requestHash: Uint8Array
  /** Who the proof is for. Another verifier refuses it. */
  readonly verifier: string
}

export type ConsentStatement = StatementAbout<ConsentSet>

/** The context of the nullifier: the same for the same request, whatever set and time it is proven against. */
export function requestContext({ origin, set: { group }, requestHash, verifier }: StatementAbout<{ readonly group: ConsentGroup }>): Uint8Array {
  return lengthPrefixed([origin, verifier, requestHash, group.grantee, group.scope])
}

/** The bytes that a set's digest is taken of. */
export function setBytes({ group: { grantee, scope, expiry }, members }: ConsentSet): Uint8Array {
  return lengthPrefixed(['gatehouse/zk/consent-set/v1', grantee, scope, expiry, u32(members.length), ...members])
}

export type SetFault = 'set_too_small' | 'set_too_large' | 'set_not_canonical'

/** What keeps the set from being proven about, if anything does. */
export function setFault({ members }: ConsentSet): SetFault | undefined {
  if (members.length > membersMax) return 'set_too_large'
  for (let index = 1; index < members.length; index++) {
    if (compareBytes(members[index - 1] as Uint8Array, members[index] as Uint8Array) >= 0) return 'set_not_canonical'
  }
  return members.length < membersMin ? 'set_too_small' : undefined
}

/** As numbers of one length, big-endian. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] as number) - (right[index] as number)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** Whether the set was published no longer than ten minutes before the time that the proof speaks of, and not after it. */
export function isFresh(publishedAt: Instant, time: Instant): boolean {
  const age = instantMs(time) - instantMs(publishedAt)
  return age >= 0 && age <= freshnessSeconds * 1_000
}
