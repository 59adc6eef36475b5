/**
 * What becomes of a review when somebody votes, edits, concludes or goes: pure, so that every sequence can be tried. The rules in
 * words stand in ADR 0028; what is read from the world (who sits where, which digest the thing has now) is an argument.
 */
import type { Panel } from '@gatehouse/runtime/door/review-kind'
import { type ReviewEvent, type ReviewState, reviewLife } from './life.ts'

export const choices = ['approve', 'changes_requested', 'reject'] as const
export type Choice = (typeof choices)[number]

/** A vote of the present round. `seat` is the voter, or the colleague who handed the seat over; `panel` is a place in the list of panels. */
export interface Vote {
  readonly voter: string
  readonly seat: string
  readonly panel: number
  readonly choice: Choice
}

/** A place from which somebody may vote, with the panels that it belongs to. */
export interface Seat {
  readonly holder: string
  readonly panels: readonly number[]
}

export interface Standing {
  readonly state: ReviewState
  /** Whoever asked and whoever made the thing. */
  readonly authors: readonly string[]
  readonly digest: string
  readonly round: number
  readonly panels: readonly Panel[]
  readonly votes: readonly Vote[]
}

export interface Ballot {
  readonly voter: string
  readonly choice: Choice
  /** Of what the voter has seen. */
  readonly digest: string
  /** For whoever could vote in several. */
  readonly panel?: number | undefined
}

export interface World {
  /** The thing's digest as it is now; `undefined` where there is no such thing any more. */
  readonly present: string | undefined
  readonly seats: readonly Seat[]
  /** Voters of this round who would not be let onto their seat now. */
  readonly gone: ReadonlySet<string>
}

export const refusals = ['closed', 'own', 'no_seat', 'seat_taken', 'other_digest', 'changed_meanwhile', 'disclosed', 'no_vote', 'hidden', 'unchanged'] as const
export type RefusedBallot = (typeof refusals)[number]

export type Decided =
  | { readonly outcome: 'moved'; readonly event: ReviewEvent; readonly standing: Standing; readonly lapsed: readonly Vote[] }
  | { readonly outcome: 'refused'; readonly why: RefusedBallot }

const refused = (why: RefusedBallot): Decided => ({ outcome: 'refused', why })

/** Casts a vote, or changes the one that this person has cast in this round. */
export function castVote(before: Standing, ballot: Ballot, world: World): Decided {
  if (!reviewLife.can(before.state, 'vote')) return refused('closed')
  if (before.authors.includes(ballot.voter)) return refused('own')
  if (ballot.digest !== before.digest) return refused('other_digest')
  if (world.present !== before.digest) return refused('changed_meanwhile')
  const own = before.votes.find(({ voter }) => voter === ballot.voter)
  // Who comes once the votes are open would not judge independently.
  if (own === undefined && !isBlinded(before)) return refused('disclosed')
  const place = placeFor(before, ballot, own, world.seats)
  if (typeof place === 'string') return refused(place)
  const others = before.votes.filter(({ voter }) => voter !== ballot.voter)
  const lapsed = others.filter(({ voter }) => world.gone.has(voter))
  const votes = [...others.filter((vote) => !lapsed.includes(vote)), { voter: ballot.voter, seat: place.seat, panel: place.panel, choice: ballot.choice }]
  return moved({ ...before, votes }, eventOf(before.panels, votes), lapsed)
}

/** Ends a disagreement that is in the open: the strictest vote that stands decides. Only for whoever has voted. */
export function conclude(before: Standing, by: string, world: Pick<World, 'present' | 'gone'>): Decided {
  if (before.state !== 'reviewed') return refused(reviewLife.can(before.state, 'vote') ? 'hidden' : 'closed')
  if (world.present !== before.digest) return refused('changed_meanwhile')
  if (!before.votes.some(({ voter }) => voter === by && !world.gone.has(by))) return refused('no_vote')
  const votes = before.votes.filter(({ voter }) => !world.gone.has(voter))
  const lapsed = before.votes.filter(({ voter }) => world.gone.has(voter))
  const now = eventOf(before.panels, votes)
  const strictest = votes.some(({ choice }) => choice === 'reject') ? 'reject' : 'return'
  return moved({ ...before, votes }, now === 'disclose' ? strictest : now, lapsed)
}

/** Another round, with what the thing is now and without a vote. Nobody shops for other votes on the same. */
export function edited(before: Standing, digest: string, authors: readonly string[]): Decided {
  if (!reviewLife.can(before.state, 'edit')) return refused('closed')
  if (digest === before.digest && before.state !== 'returned') return refused('unchanged')
  return moved({ ...before, digest, authors: [...new Set([...before.authors, ...authors])], round: before.round + 1, votes: [] }, 'edit', [])
}

export function ended(before: Standing, event: 'withdraw' | 'expire'): Decided {
  return reviewLife.can(before.state, event) ? moved(before, event, []) : refused('closed')
}

/** Whether first votes are lacking; as long as they are, nobody sees another's. */
export function isBlinded({ panels, votes }: Pick<Standing, 'panels' | 'votes'>): boolean {
  return panels.some(({ quorum }, place) => votes.filter(({ panel }) => panel === place).length < quorum)
}

/** What the votes amount to. */
function eventOf(panels: readonly Panel[], votes: readonly Vote[]): ReviewEvent {
  if (isBlinded({ panels, votes })) return 'vote'
  const [first, ...more] = new Set(votes.map(({ choice }) => choice))
  if (more.length > 0) return 'disclose'
  return first === 'approve' ? 'approve' : first === 'reject' ? 'reject' : 'return'
}

function moved(standing: Standing, event: ReviewEvent, lapsed: readonly Vote[]): Decided {
  const state = reviewLife.next(standing.state, event)
  if (state === undefined) throw new TypeError(`the table has no step from ${standing.state} on ${event}`)
  return { outcome: 'moved', event, standing: { ...standing, state }, lapsed }
}

/** The seat and panel that a ballot counts for; a changed vote stays where it was. */
function placeFor(review: Standing, { voter, panel }: Ballot, own: Vote | undefined, seats: readonly Seat[]): Pick<Vote, 'seat' | 'panel'> | RefusedBallot {
  if (own !== undefined) return seats.some(({ holder, panels }) => holder === own.seat && panels.includes(own.panel)) ? own : 'no_seat'
  const usable = seats
    // An author has no seat, and so none that somebody else could take.
    .filter(({ holder }) => !review.authors.includes(holder))
    .map(({ holder, panels }) => ({ holder, panels: panels.filter((one) => panel === undefined || one === panel) }))
    .filter(({ panels }) => panels.length > 0)
  if (usable.length === 0) return 'no_seat'
  // The own seat first, and a panel that still lacks votes before one that has enough.
  const taken = new Set(review.votes.map(({ seat }) => seat))
  const free = usable.filter(({ holder }) => !taken.has(holder)).sort((left, right) => Number(right.holder === voter) - Number(left.holder === voter))
  const [seat] = free
  if (seat === undefined) return 'seat_taken'
  const lacking = (one: number) => review.votes.filter((vote) => vote.panel === one).length < (review.panels[one]?.quorum ?? 0)
  return { seat: seat.holder, panel: seat.panels.find(lacking) ?? (seat.panels[0] as number) }
}
