/** What the ledger and the events say of reviews: ids, digests, states and counts. */
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import type { NewEvent } from '@gatehouse/runtime/work/outbox'
import type { Choice } from './decide.ts'
import type { ReviewState } from './life.ts'
import type { CastVote, ReviewRow } from './store.ts'

type Told = Pick<ReviewRow, 'id' | 'kind' | 'object' | 'digest' | 'round' | 'state'>

export function reviewFacts({ id, kind, object, digest, round, state }: Told, more: AuditFacts['details'] = {}): AuditFacts {
  return { object: { kind: 'review', id }, details: { review_kind: kind, reviewed: object, digest, round, state, ...more } }
}

/**
 * Stands in the ledger in place of a choice as long as votes are hidden, since reviewers may read the ledger: SHA-256 over the nonce and
 * the choice. The entry that discloses gives both.
 */
export function commitmentTo(primitives: Primitives, nonce: Uint8Array, choice: Choice): string {
  const word = utf8(choice)
  const bytes = new Uint8Array(nonce.length + word.length)
  bytes.set(nonce)
  bytes.set(word, nonce.length)
  return toHex(primitives.sha256(bytes))
}

export const openedVotes = (votes: readonly CastVote[]) => votes.map(({ voter, choice, nonce }) => ({ voter, choice, nonce }))

type News = 'due' | 'requested' | 'resubmitted' | 'lapsed' | 'disclosed' | 'commented' | Exclude<ReviewState, 'submitted' | 'partially_reviewed' | 'reviewed'>

export function reviewEvent(news: News, { id, kind, round }: Pick<ReviewRow, 'id' | 'kind' | 'round'>, more: NewEvent['data'] = {}): NewEvent {
  return { type: `approvals.review_${news}`, subject: id, data: { review: id, review_kind: kind, round, ...more } }
}
