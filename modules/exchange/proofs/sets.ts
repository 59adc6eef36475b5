/** From consents to sets and back: which groups a consent stands in, how groups become sets, and the tree over a publication's sets. */
import type { Instant } from '@gatehouse/core/instant'
import { type ConsentGroup, type ConsentSet, compareBytes, membersMax, setBytes } from '@gatehouse/credentials/zero-knowledge/statement'
import { concat } from '@gatehouse/crypto/bytes'
import type { Element } from '@gatehouse/crypto/group/group'
import { leafHash, type Sha256 } from '@gatehouse/transparency/merkle'
import { inclusionProof } from '@gatehouse/transparency/proof'
import { appendLeaves, emptyTree } from '@gatehouse/transparency/tile'
import { groupsPerConsentMax } from './schema.ts'

export interface ConsentTerms {
  readonly purposes: readonly string[]
  readonly recipients: readonly string[]
  readonly data_classes: readonly string[]
  readonly until: Instant | null
}

/** Purpose and class of data as one word of the statement. Neither holds a space. */
export const scopeOf = (purpose: string, dataClass: string): string => `${purpose} ${dataClass}`

export const expiryOf = (until: Instant | null): string => (until === null ? 'none' : until.slice(0, 7))

/** Every combination that the consent names, or `undefined` where it names too many. */
export function groupsOf({ purposes, recipients, data_classes, until }: ConsentTerms): ConsentGroup[] | undefined {
  if (purposes.length * recipients.length * data_classes.length > groupsPerConsentMax) return undefined
  const expiry = expiryOf(until)
  return recipients.flatMap((grantee) =>
    purposes.flatMap((purpose) => data_classes.map((dataClass) => ({ grantee, scope: scopeOf(purpose, dataClass), expiry }))),
  )
}

export const groupKey = ({ grantee, scope, expiry }: ConsentGroup): string => JSON.stringify([grantee, scope, expiry])

export function sameGroup(left: ConsentGroup, right: ConsentGroup): boolean {
  return left.grantee === right.grantee && left.scope === right.scope && left.expiry === right.expiry
}

/** Members in their one order; a group with more than one proof can speak of is published in even parts. */
export function setsOf(groups: Iterable<{ readonly group: ConsentGroup; readonly members: readonly Uint8Array[] }>): ConsentSet[] {
  return [...groups].flatMap(({ group, members }) => {
    const sorted = [...members].sort(compareBytes) as Element[]
    const parts = Math.ceil(sorted.length / membersMax)
    const each = Math.ceil(sorted.length / parts)
    return Array.from({ length: parts }, (_, part) => ({ group, members: sorted.slice(part * each, (part + 1) * each) }))
  })
}

export const setLeaf = (sha256: Sha256, set: ConsentSet): Uint8Array => leafHash(sha256, setBytes(set))

/** The tree over the sets of one publication (RFC 6962), and the path of one of them. */
export function setsTree(sha256: Sha256, leaves: readonly Uint8Array[]): { root: Uint8Array; pathOf(place: number): Uint8Array[] } {
  const { root, changedTiles } = appendLeaves(sha256, emptyTree, leaves)
  const tiles = new Map(changedTiles.map((tile) => [`${tile.level} ${tile.index}`, tile.hashes]))
  return { root, pathOf: (place) => inclusionProof(sha256, place, leaves.length, (level, index) => tiles.get(`${level} ${index}`) ?? new Uint8Array(0)) }
}

export const joinMembers = (members: readonly Uint8Array[]): Uint8Array => concat(...members)

export function splitMembers(joined: Uint8Array): Element[] {
  return Array.from({ length: joined.length / 32 }, (_, at) => Uint8Array.from(joined.subarray(at * 32, at * 32 + 32)) as Element)
}
