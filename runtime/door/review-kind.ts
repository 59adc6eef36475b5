/**
 * What modules say of the things that the review desk judges for them. The desk is `governance/approvals`; kinds stand here because
 * governance and custody never import each other, and both have such things.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '../data/db.ts'
import type { Node } from './node.ts'
import type { Refusal, Resource, Right, TransactionContext } from './operation.ts'

/** Every kind that has words in the portal. A module declares what it implements. */
export const reviewKindNames = [
  'application_admission',
  'data_disclosure',
  'dataspace_negotiation',
  'erasure',
  'ethics_board',
  'membership',
  'monitoring_board',
  'policy_publication',
  'query_disclosure',
  'query_plan',
] as const
export type ReviewKindName = (typeof reviewKindNames)[number]

/** A team, or a role of the product (by name) or the institution (by id), of which so many must approve. */
export interface Panel {
  readonly kind: 'role' | 'team'
  readonly id: string
  readonly quorum: number
}

/** A thing as it is now. */
export interface Reviewed {
  /** SHA-256 (hex) of all that reviewers judge. */
  readonly digest: string
  /** Users who made it, besides whoever asks: none of them reviews it. */
  readonly makers: readonly string[]
  /** Who judges this very thing, where that depends on it: the data holders of a project. */
  readonly panels?: readonly Panel[]
  /** Who judges besides, where whoever asks may name more: they add judges to those of the rule and take none away. */
  readonly besides?: readonly Panel[]
  /** Less time than the rule gives. */
  readonly deadlineDays?: number
  /** The product or project that it belongs to: a right in it is enough to ask. */
  readonly scope?: Resource['scope']
}

export interface ReviewOf {
  readonly id: Id<'review'>
  readonly object: string
  readonly digest: string
  readonly author: string
}

export interface ReviewKind {
  readonly name: ReviewKindName
  readonly summary: string
  /** The right that whoever asks must have; asked again before an approval takes effect. */
  readonly asks: Right
  /** Who judges where neither the thing nor the institution says otherwise. */
  readonly panels: readonly Panel[]
  readonly deadlineDays: number
  /** The act of several people that is closed where an institution demands reviews: one thing is never under both. */
  readonly insteadOf?: string
  /** Whether an institution decides if there have to be reviews at all; otherwise there always are. */
  readonly optional?: true
  /**
   * Reads the thing and holds it until the transaction ends, so that it cannot change between a vote and what follows from it.
   * @returns `undefined` where there is nothing to review, or not any more
   */
  present(tx: Tx, node: Node, object: string): Promise<Reviewed | undefined>
  /** What an approval brings about, in the transaction of the vote that completes it. A refusal leaves that vote uncast. */
  approved(ctx: TransactionContext, review: ReviewOf): Promise<Refusal | undefined>
  /** After the other ends; the desk may act by itself then (`expired`). */
  ended?(at: { readonly tx: Tx; readonly node: Node; readonly now: Instant }, review: ReviewOf, how: 'rejected' | 'withdrawn' | 'expired'): Promise<void>
}
