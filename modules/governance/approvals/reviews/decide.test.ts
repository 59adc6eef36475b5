import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Choice, castVote, choices, conclude, type Decided, edited, ended, isBlinded, type Seat, type Standing, type Vote } from './decide.ts'
import { reviewLife } from './life.ts'

const digest = 'a'.repeat(64)
const team = (id: string, quorum: number) => ({ kind: 'team', id, quorum }) as const
const review = (more: Partial<Standing> = {}): Standing => ({
  state: 'submitted',
  authors: ['ada'],
  digest,
  round: 1,
  panels: [team('ethics', 2)],
  votes: [],
  ...more,
})
const seat = (holder: string, ...panels: number[]): Seat => ({ holder, panels })
const world = (seats: Seat[], more: { present?: string | undefined; gone?: string[] } = {}) => ({
  present: 'present' in more ? more.present : digest,
  seats,
  gone: new Set(more.gone ?? []),
})
const vote = (before: Standing, voter: string, choice: Choice, seats: Seat[] = [seat(voter, 0)], more: Parameters<typeof world>[1] & { panel?: number } = {}) =>
  castVote(before, { voter, choice, digest: before.digest, panel: more.panel }, world(seats, more))
const after = (decided: Decided): Standing => {
  if (decided.outcome === 'refused') throw new Error(decided.why)
  return decided.standing
}
const why = (decided: Decided) => (decided.outcome === 'refused' ? decided.why : decided.standing.state)

describe('a vote is refused', () => {
  it('to whoever asked, and to whoever made the thing, through whichever seat', () => {
    expect(why(vote(review(), 'ada', 'approve'))).toBe('own')
    expect(why(vote(review({ authors: ['ada', 'max'] }), 'max', 'approve'))).toBe('own')
    expect(why(vote(review(), 'ada', 'approve', [seat('ben', 0)]))).toBe('own')
  })
  it('to whoever holds the seat of an author', () => expect(why(vote(review(), 'ben', 'approve', [seat('ada', 0)]))).toBe('no_seat'))
  it('to whoever sits in no panel, or in none of the one that is named', () => {
    expect(why(vote(review(), 'eve', 'approve', []))).toBe('no_seat')
    expect(why(vote(review({ panels: [team('ethics', 1), team('board', 1)] }), 'ben', 'approve', [seat('ben', 0)], { panel: 1 }))).toBe('no_seat')
  })
  it('of something else than what lies there', () => {
    expect(why(castVote(review(), { voter: 'ben', choice: 'approve', digest: 'b'.repeat(64) }, world([seat('ben', 0)])))).toBe('other_digest')
    expect(why(vote(review(), 'ben', 'approve', [seat('ben', 0)], { present: 'b'.repeat(64) }))).toBe('changed_meanwhile')
    expect(why(vote(review(), 'ben', 'approve', [seat('ben', 0)], { present: undefined }))).toBe('changed_meanwhile')
  })
  it('for a seat that has been voted on, by its holder or a delegate', () => {
    const once = after(vote(review(), 'ben', 'approve'))
    expect(why(vote(once, 'dan', 'approve', [seat('ben', 0)]))).toBe('seat_taken')
    const delegated = after(vote(review(), 'dan', 'approve', [seat('ben', 0)]))
    expect(why(vote(delegated, 'ben', 'approve'))).toBe('seat_taken')
  })
  it('to whoever comes when the votes are open', () => {
    const open = after(vote(after(vote(review(), 'ben', 'approve')), 'cy', 'reject'))
    expect(open.state).toBe('reviewed')
    expect(why(vote(open, 'dan', 'approve'))).toBe('disclosed')
  })
  it('when the review is over or returned', () => {
    for (const state of ['returned', 'approved', 'rejected', 'withdrawn', 'expired'] as const)
      expect(why(vote(review({ state }), 'ben', 'approve'))).toBe('closed')
  })
})

describe('votes are counted', () => {
  it('once for each person, also in two panels', () => {
    const both = review({ panels: [team('ethics', 1), team('board', 1)] })
    const one = after(vote(both, 'ben', 'approve', [seat('ben', 0, 1)]))
    expect(one).toMatchObject({ state: 'partially_reviewed', votes: [{ panel: 0 }] })
    // The second time is a change of the first vote and no vote for the other panel.
    expect(after(vote(one, 'ben', 'approve', [seat('ben', 0, 1)], { panel: 1 }))).toMatchObject({ state: 'partially_reviewed', votes: [{ panel: 0 }] })
    expect(why(vote(one, 'cy', 'approve', [seat('cy', 0, 1)]))).toBe('approved')
  })
  it('where they lack, the own seat before one that was handed over', () => {
    const both = review({ panels: [team('ethics', 1), team('board', 1)] })
    const one = after(vote(both, 'ben', 'approve', [seat('dora', 1), seat('ben', 0, 1)]))
    expect(one.votes).toEqual([{ voter: 'ben', seat: 'ben', panel: 0, choice: 'approve' }])
  })
  it.each([
    [['approve', 'approve'], 'approved'],
    [['reject', 'reject'], 'rejected'],
    [['changes_requested', 'changes_requested'], 'returned'],
    [['approve', 'reject'], 'reviewed'],
    [['approve', 'changes_requested'], 'reviewed'],
    [['reject', 'changes_requested'], 'reviewed'],
  ] as const)('%j makes it %s', ([first, second], state) => {
    const one = after(vote(review(), 'ben', first))
    expect(one.state).toBe('partially_reviewed')
    expect(why(vote(one, 'cy', second))).toBe(state)
  })
  it('without those who have lost their seat: they are asked of somebody else', () => {
    const one = after(vote(review(), 'ben', 'approve'))
    const decided = vote(one, 'cy', 'approve', [seat('cy', 0)], { gone: ['ben'] })
    expect(decided).toMatchObject({ event: 'vote', standing: { state: 'partially_reviewed', votes: [{ voter: 'cy' }] }, lapsed: [{ voter: 'ben' }] })
    expect(why(vote(after(decided), 'dan', 'approve'))).toBe('approved')
  })
})

describe('a disagreement', () => {
  const open = after(vote(after(vote(review(), 'ben', 'approve')), 'cy', 'changes_requested'))
  it('ends when one changes the vote', () => expect(why(vote(open, 'cy', 'approve'))).toBe('approved'))
  it('is concluded by a voter with the strictest vote', () => {
    expect(why(conclude(open, 'ben', world([])))).toBe('returned')
    expect(why(conclude(after(vote(open, 'cy', 'reject')), 'cy', world([])))).toBe('rejected')
  })
  it('is concluded by nobody else, and not while votes are hidden', () => {
    expect(why(conclude(open, 'dan', world([])))).toBe('no_vote')
    expect(why(conclude(open, 'cy', world([], { gone: ['cy'] })))).toBe('no_vote')
    expect(why(conclude(after(vote(review(), 'ben', 'reject')), 'ben', world([])))).toBe('hidden')
  })
  it('goes on, where the objection has lost its seat and a vote is lacking', () => {
    expect(conclude(open, 'ben', world([], { gone: ['cy'] }))).toMatchObject({ event: 'vote', standing: { state: 'partially_reviewed' } })
  })
})

it('an edit begins a round without votes, and whoever made it joins the authors', () => {
  const one = after(vote(review(), 'ben', 'approve'))
  expect(after(edited(one, 'b'.repeat(64), ['cy']))).toMatchObject({ state: 'submitted', round: 2, votes: [], authors: ['ada', 'cy'], digest: 'b'.repeat(64) })
  for (const state of ['approved', 'rejected', 'withdrawn', 'expired'] as const) {
    expect(why(edited(review({ state }), 'b'.repeat(64), []))).toBe('closed')
    expect(why(ended(review({ state }), 'withdraw'))).toBe('closed')
  }
})

it('votes are hidden exactly until all first votes are in', () => {
  const both = review({ panels: [team('ethics', 1), team('board', 1)] })
  const one = after(vote(both, 'ben', 'approve'))
  expect([both, one, after(vote(one, 'cy', 'reject', [seat('cy', 1)]))].map(isBlinded)).toEqual([true, true, false])
})

it('nobody asks again about the same, unless it was returned', () => {
  expect(why(edited(review(), digest, []))).toBe('unchanged')
  expect(why(edited(review({ state: 'returned' }), digest, []))).toBe('submitted')
})

/** Nobody is trusted: people vote from any seats, things change under the votes, people lose their seats. */
describe('whatever happens, in any order', () => {
  const people = ['ada', 'ben', 'cy', 'dan', 'eve']
  const digests = [digest, 'b'.repeat(64), 'c'.repeat(64)]
  const person = fc.constantFrom(...people)
  const happening = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        on: fc.constant('vote' as const),
        voter: person,
        choice: fc.constantFrom<Choice>('approve', 'approve', 'approve', ...choices),
        seen: fc.constantFrom(0, 0, 0, 1, 2),
        seats: fc.uniqueArray(fc.record({ holder: person, panels: fc.uniqueArray(fc.nat(1), { minLength: 1 }) }), {
          selector: (one) => one.holder,
          maxLength: 3,
        }),
        panel: fc.option(fc.nat(1), { nil: undefined }),
        gone: fc.uniqueArray(person, { maxLength: 1 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ on: fc.constant('change' as const), to: fc.constantFrom(0, 0, 1, 2) }) },
    { weight: 1, arbitrary: fc.record({ on: fc.constant('edit' as const), maker: person }) },
    { weight: 1, arbitrary: fc.record({ on: fc.constant('conclude' as const), by: person, gone: fc.uniqueArray(person, { maxLength: 1 }) }) },
  )
  const quorums = fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }))

  type Happening = Exclude<typeof happening extends fc.Arbitrary<infer T> ? T : never, { on: 'change' }>

  function follow(now: Standing, one: Happening, present: string): Decided {
    if (one.on === 'edit') return edited(now, present, [one.maker])
    if (one.on === 'conclude') return conclude(now, one.by, { present, gone: new Set(one.gone) })
    const ballot = { voter: one.voter, choice: one.choice, digest: digests[one.seen] as string, panel: one.panel }
    return castVote(now, ballot, { present, seats: one.seats, gone: new Set(one.gone) })
  }

  function holds({ votes, authors, panels }: Standing): void {
    expect(new Set(votes.map(({ voter }) => voter)).size).toBe(votes.length)
    expect(new Set(votes.map(({ seat: held }) => held)).size).toBe(votes.length)
    expect(votes.some(({ voter, seat: held }) => authors.includes(voter) || authors.includes(held))).toBe(false)
    expect(votes.every(({ panel }: Vote) => panels[panel] !== undefined)).toBe(true)
  }

  it('nothing is approved without the quorum of each panel, with another digest, with an author’s vote or over an objection', () => {
    let approved = 0
    fc.assert(
      fc.property(quorums, fc.array(happening, { maxLength: 14 }), (needed, happenings) => {
        let now = review({ panels: [team('ethics', needed[0]), team('board', needed[1])] })
        let present = digest
        for (const one of happenings) {
          if (one.on === 'change') present = digests[one.to] as string
          const decided = one.on === 'change' ? undefined : follow(now, one, present)
          if (decided?.outcome !== 'moved') continue
          expect(reviewLife.next(now.state, decided.event)).toBe(decided.standing.state)
          now = decided.standing
          holds(now)
          if (now.state !== 'approved') continue
          approved++
          for (const [place, quorum] of needed.entries()) expect(now.votes.filter(({ panel }) => panel === place).length).toBeGreaterThanOrEqual(quorum)
          expect(now.votes.every(({ choice }) => choice === 'approve')).toBe(true)
          expect([now.digest, isBlinded(now)]).toEqual([present, false])
        }
      }),
      { numRuns: 5_000, seed: 28 },
    )
    // A property of what never happens would hold for nothing.
    expect(approved).toBeGreaterThan(20)
  })
})
