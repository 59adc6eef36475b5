/** Whom a review concerns now, for those who tell them. */
import type { Id } from '@gatehouse/core/id'
import { isBlinded } from './decide.ts'
import type { ReviewState } from './life.ts'
import { sittersOf } from './seats.ts'
import { delegationsInForce, reviewById } from './store.ts'

export interface Concerned {
  /** Who asked. */
  readonly author: string
  readonly voters: readonly string[]
  /** Whose first vote could still be cast, seats as they are handed over. */
  readonly waitedFor: readonly string[]
  readonly blinded: boolean
  readonly state: ReviewState
}

export async function concernedBy(
  at: Parameters<typeof sittersOf>[0] & { readonly now: Parameters<typeof delegationsInForce>[1] },
  id: Id<'review'>,
): Promise<Concerned | undefined> {
  const review = await reviewById(at.tx, id, false)
  if (review === undefined) return undefined
  const delegations = new Map((await delegationsInForce(at.tx, at.now)).map(({ from, to }) => [from, to]))
  const voters = review.votes.map(({ voter }) => voter)
  const taken = new Set(review.votes.map(({ seat }) => seat))
  const waitedFor = new Set<string>()
  for (const panel of review.panels) {
    for (const holder of await sittersOf(at, panel)) {
      const sits = delegations.get(holder) ?? holder
      const out = review.authors.includes(holder) || review.authors.includes(sits) || taken.has(holder) || voters.includes(sits)
      if (!out) waitedFor.add(sits)
    }
  }
  return { author: review.author, voters, waitedFor: isBlinded(review) ? [...waitedFor] : [], blinded: isBlinded(review), state: review.state }
}
