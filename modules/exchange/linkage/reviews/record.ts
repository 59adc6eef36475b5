/** What link jobs and runs hand over, and what they are told. Rows are named by keyed digests, the same in every run of the project. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { limits } from './schema.ts'
import { reviewKey, type SeenPair, saltLength, sealPair } from './seal.ts'
import { decisionRows, insertPairs, insertReview } from './store.ts'

/** Where doubtful pairs come from. Its id becomes the review's. */
export interface ReviewOrigin {
  readonly project: Id<'project'>
  readonly origin: 'job' | 'run'
  readonly id: string
  /** How many people decide each pair; 1 or 2. */
  readonly opinions: number
  readonly now: Instant
}

export interface DoubtfulPair extends SeenPair {
  readonly left: string
  readonly right: string
  readonly probability: number
}

/**
 * Opens a review of the pairs, the likeliest first; where there are too many, those nearest to the threshold. Done again for the same
 * job or run it changes nothing.
 * @returns how many are to be looked at
 */
export async function recordDoubtfulLinks(tx: Tx, node: Node, tenant: Id<'tenant'>, origin: ReviewOrigin, pairs: readonly DoubtfulPair[]): Promise<number> {
  if (pairs.length === 0) return 0
  const kept = pairs.toSorted((one, other) => other.probability - one.probability || (one.left < other.left ? -1 : 1)).slice(0, limits.pairsMax)
  const { project, origin: from, id, opinions, now } = origin
  const salt = node.source.randomBytes(saltLength)
  const closes_at = addSeconds(now, limits.openDays * 86_400)
  if (!(await insertReview(tx, project, { id, origin: from, opinions, state: 'open', salt, opened_at: now, closes_at, closed_at: null }))) return kept.length
  const key = await reviewKey(node, tenant, id, salt)
  const rows = kept.map(({ left, right, probability, ...seen }, index) => ({
    number: index + 1,
    left_row: left,
    right_row: right,
    probability,
    state: 'open' as const,
    sealed: sealPair(node, key, tenant, id, index + 1, seen),
  }))
  for (let start = 0; start < rows.length; start += 500) await insertPairs(tx, project, id, rows.slice(start, start + 500))
  return rows.length
}

/** The name of two rows taken together, whichever is named first. */
export const pairKey = (one: string, other: string) => (one < other ? `${one} ${other}` : `${other} ${one}`)

/** What people have decided of rows of this project: by `pairKey`, whether they are one person. A later run does as they say. */
export async function decisionsOf(tx: Tx, project: Id<'project'>): Promise<ReadonlyMap<string, boolean>> {
  return new Map((await decisionRows(tx, project)).map(({ one_row, other_row, linked }) => [pairKey(one_row, other_row), linked]))
}

/** The key of the digests that rows are named by in decisions. It is the project's and does not rotate: a decision outlives keys of tokens. */
export async function rowKeyOf(node: Node, tenant: Id<'tenant'>, project: Id<'project'>): Promise<Uint8Array> {
  const { primitives } = node.keys
  return primitives.hmacSha256(await node.keys.secret(tenant, 'linkage/rows'), new TextEncoder().encode(project))
}
