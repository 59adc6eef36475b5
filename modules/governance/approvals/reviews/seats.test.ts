import type { Principal } from '@gatehouse/runtime/base/context'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { changeTeam } from '../../identity/teams/teams.ts'
import { expireReviews } from '../deadlines.ts'
import { digest, testDesk } from '../testing/desk.ts'
import { delegateSeat, listDelegations, takeSeatBack } from './delegate.ts'
import { listReviews } from './list.ts'
import { requestReviewOperation } from './request.ts'
import { withdrawReview } from './resubmit.ts'
import { listReviewRules, setReviewRule } from './rules.ts'
import type { ReviewView } from './schema.ts'
import { voteOnReview } from './vote.ts'

const { t, tenant, things, joined, over, at, begin, staff, team, change, done, refused, ask, ballot, vote, read, desk, scene } = await testDesk()
beforeEach(begin)
afterAll(() => t.close())

describe('who has lost the right', () => {
  it('to a seat has no vote when votes are complete; it is asked of somebody else', async () => {
    const { ada, ben, cy, dan, ethics } = await scene()
    const review = await ask(ada)
    await vote(review, ben)
    await done(changeTeam, { team: ethics, members: [cy.id, dan.id] }, { ...t.principal({ tenant }), session: 'here' })
    expect(await vote(review, cy)).toMatchObject({ state: 'partially_reviewed', panels: [{ voted: 1 }] })
    expect(t.entries.at(-1)).toMatchObject({ facts: { details: { lapsed: [ben.id] } } })
    expect(await vote(review, dan)).toMatchObject({ state: 'approved' })
  })

  it('by a closed account is gone too', async () => {
    const { ada, ben, cy } = await scene()
    const review = await ask(ada)
    await vote(review, ben)
    await change(ben, [], true)
    expect(await vote(review, cy)).toMatchObject({ state: 'partially_reviewed', panels: [{ voted: 1 }] })
    expect(joined).toEqual([])
  })

  it('to what was asked for gets no approval', async () => {
    const { ada, ben, cy } = await scene()
    const review = await ask(ada)
    await vote(review, ben)
    await change(ada, ['auditor'])
    expect(await refused(voteOnReview, ballot(review), cy)).toBe('author-may-not')
    expect(joined).toEqual([])
  })
})

describe('a seat that is handed over', () => {
  const until = (days: number) => new Date(t.clock.nowMs() + days * 86_400_000).toISOString()
  const hand = (from: Principal, to: Principal, ends_at = until(5)) => done(delegateSeat, { to: to.id, ends_at }, from)

  it('goes to another colleague of the staff, until a date, once', async () => {
    const { ben, cy, eve } = await scene()
    expect(await refused(delegateSeat, { to: ben.id, ends_at: until(5) }, ben)).toBe('delegation-refused')
    expect(await refused(delegateSeat, { to: cy.id, ends_at: until(-1) }, ben)).toBe('delegation-refused')
    expect(await refused(delegateSeat, { to: cy.id, ends_at: until(91) }, ben)).toBe('delegation-refused')
    expect(await refused(delegateSeat, { to: '01980000-0000-7000-8000-00000000ffff', ends_at: until(5) }, ben)).toBe('not-found')
    await hand(ben, eve)
    expect(await refused(delegateSeat, { to: cy.id, ends_at: until(5) }, ben)).toBe('delegated-already')
    expect(await done(listDelegations, {}, eve)).toMatchObject({ data: [{ from: { id: ben.id }, to: { id: eve.id } }] })
  })

  it('is voted on by the colleague alone, and has one vote', async () => {
    const { ada, ben, cy, eve } = await scene()
    const review = await ask(ada)
    const { id } = await hand(ben, eve)
    expect(await refused(voteOnReview, ballot(review), ben)).toBe('not-found')
    expect(await vote(review, eve)).toMatchObject({ state: 'partially_reviewed' })
    expect((await read(review, cy)).votes).toMatchObject([{ voter: eve.id, seat: ben.id, choice: null }])
    await done(takeSeatBack, { delegation: id }, ben)
    expect(await refused(voteOnReview, ballot(review), ben)).toBe('seat-taken')
    expect(joined).toEqual([])
    expect(await vote(review, cy)).toMatchObject({ state: 'approved' })
  })

  it('is no way for an author to vote, nor for an author’s seat to be used', async () => {
    const { ben, cy, dan, eve } = await scene()
    const ada = await staff(['officer'])
    const ethics = await team(ada, ben, cy, dan)
    things.set(at.object, { digest: digest('a'), makers: [], panels: [{ kind: 'team', id: ethics, quorum: 2 }] })
    const review = await ask(ada)
    await hand(ben, ada)
    expect(await refused(voteOnReview, ballot(review), ada)).toBe('own-review')
    await hand(ada, eve)
    expect(await refused(voteOnReview, ballot(review), eve)).toBe('not-found')
  })

  it('comes back at its date', async () => {
    const { ada, ben, eve } = await scene()
    const review = await ask(ada)
    await hand(ben, eve, until(1))
    t.clock.advance(86_400_000)
    expect(await refused(voteOnReview, ballot(review), eve)).toBe('not-found')
    expect(await vote(review, ben)).toMatchObject({ state: 'partially_reviewed' })
  })
})

describe('the end', () => {
  it('comes by withdrawal of the author alone', async () => {
    const { ada, ben } = await scene()
    const review = await ask(ada)
    expect(await refused(withdrawReview, { review: review.id }, ben)).toBe('author-only')
    expect(await done(withdrawReview, { review: review.id }, ada)).toMatchObject({ state: 'withdrawn' })
    expect(over).toEqual([`${at.object} withdrawn`])
    expect(await refused(voteOnReview, ballot(review), ben)).toBe('review-closed')
    await ask(ada)
  })

  it('comes with the deadline: no vote counts from then on, and the node ends it', async () => {
    const { ada, ben } = await scene()
    const review = await ask(ada)
    t.clock.advance(10 * 86_400_000 - 1)
    await vote(review, ben)
    t.clock.advance(1)
    expect(await refused(voteOnReview, ballot(review), ben)).toBe('review-closed')
    expect(await desk(ada, 'mine')).toEqual([])
    expect(await desk(ada, 'mine', { state: 'expired' })).toHaveLength(1)
    expect(await expireReviews(t.door.node, tenant)).toBeGreaterThan(0)
    expect(over).toContain(`${at.object} expired`)
    expect(await read(review, ada)).toMatchObject({ state: 'expired', blinded: true, votes: [{ choice: null }] })
    expect(await expireReviews(t.door.node, tenant)).toBe(0)
  })
})

describe('the desk', () => {
  it('shows what waits by deadline in pages; all reviews are for those who may see them', async () => {
    const { ada, ben, ethics } = await scene()
    const asked: string[] = []
    for (const name of ['x', 'y', 'z']) {
      things.set(`${at.object}-${name}`, { digest: digest('a'), makers: [], panels: [{ kind: 'team', id: ethics, quorum: 2 }] })
      asked.push((await done(requestReviewOperation, { kind: 'membership', object: `${at.object}-${name}` }, ada)).id)
      t.clock.advance(60_000)
    }
    const first = await done(listReviews, { show: 'waiting', limit: 2 }, ben)
    const second = await done(listReviews, { show: 'waiting', limit: 2, cursor: first.next }, ben)
    expect([...first.data, ...second.data].map(({ id }: ReviewView) => id)).toEqual(asked)
    expect(second.next).toBeNull()
    expect(await refused(listReviews, { show: 'all' }, ben)).toBe('not-allowed')
    expect((await done(listReviews, { show: 'all', limit: 500 }, await staff(['auditor']))).data.length).toBeGreaterThanOrEqual(3)
  })
})

describe('the rule of a kind', () => {
  const rule = (officer: string, more: object = {}) => ({
    kind: 'membership',
    panels: [{ kind: 'team', id: officer, quorum: 1 }],
    deadline_days: 3,
    demanded: true,
    ...more,
  })

  it('is changed by two people, never to what could not be met, and never without a trace', async () => {
    const { ada, ethics, eve } = await scene()
    const other = await staff(['officer'])
    expect(await refused(setReviewRule, rule(ethics), eve)).toBe('not-allowed')
    expect(await refused(setReviewRule, rule(ethics, { demanded: false }), ada)).toBe('always-demanded')
    expect(await refused(setReviewRule, rule(ethics, { panels: [{ kind: 'team', id: ethics, quorum: 4 }] }), ada)).toBe('panel-too-small')
    expect(await refused(setReviewRule, rule(ethics), ada)).toBe('pending')
    expect(await done(setReviewRule, rule(ethics), other)).toMatchObject({ deadline_days: 3 })
    expect(t.entries.at(-1)).toMatchObject({ facts: { details: { before_digest: expect.any(String), after_digest: expect.any(String) } } })
    things.set(at.object, { digest: digest('a'), makers: [] })
    expect(await ask(ada)).toMatchObject({ panels: [{ kind: 'team', id: ethics, quorum: 1 }] })
    expect((await done(listReviewRules, {}, ada)).data).toContainEqual(expect.objectContaining({ kind: 'membership', optional: false, deadline_days: 3 }))
  })
})
