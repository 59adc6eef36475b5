import { fromHex } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import type { Principal } from '@gatehouse/runtime/base/context'
import { refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { ensureTenant } from '../../tenancy/index.ts'
import { digest, type Thing, testDesk } from '../testing/desk.ts'
import { commentOnReview } from './comment.ts'
import type { Choice } from './decide.ts'
import { commitmentTo } from './facts.ts'
import { readReview } from './read.ts'
import { requestReviewOperation } from './request.ts'
import { resubmitReview } from './resubmit.ts'
import type { ReviewView } from './schema.ts'
import { concludeReview, voteOnReview } from './vote.ts'

const { t, things, joined, over, at, begin, staff, team, enter, done, refused, ask, ballot, vote, read, desk, scene } = await testDesk()
beforeEach(begin)
afterAll(() => t.close())

describe('asking for a review', () => {
  it('is refused without the right to the act, for nothing, for a kind that is not there, and twice', async () => {
    const { ada, eve } = await scene()
    expect(await refused(requestReviewOperation, { kind: 'membership', object: at.object }, eve)).toBe('not-allowed')
    expect(await refused(requestReviewOperation, { kind: 'membership', object: 'nothing' }, ada)).toBe('not-found')
    expect(await refused(requestReviewOperation, { kind: 'membership', object: at.object }, { ...ada, id: '00000000-0000-7000-8000-0000000f0e2a' })).toBe(
      'people-only',
    )
    expect(await refused(requestReviewOperation, { kind: 'erasure', object: at.object }, ada)).toBe('kind-missing')
    await ask(ada)
    expect(await refused(requestReviewOperation, { kind: 'membership', object: at.object }, ada)).toBe('review-open')
  })

  it('opens one review when several ask at the same moment', async () => {
    const { ada } = await scene()
    const other = await staff(['officer'])
    const outcomes = await Promise.all([ada, other, ada].map((who) => enter(requestReviewOperation, { kind: 'membership', object: at.object }, who)))
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused', 'refused'])
  })

  it('is refused where a panel could never have enough people, and authors do not count', async () => {
    const { ada, ben, cy } = await scene()
    const small = await team(ben, cy)
    things.set(at.object, { digest: digest('a'), makers: [ben.id], panels: [{ kind: 'team', id: small, quorum: 2 }] })
    expect(await refused(requestReviewOperation, { kind: 'membership', object: at.object }, ada)).toBe('panel-too-small')
  })

  it('leaves the thing where it is: the ledger and the events have its id and its digest', async () => {
    const { ada } = await scene()
    const review = await ask(ada)
    expect(t.entries.at(-1)).toMatchObject({
      type: 'approvals.request_review',
      facts: { object: { kind: 'review', id: review.id }, details: { reviewed: at.object, digest: digest('a'), round: 1 } },
    })
  })
})

describe('a vote', () => {
  it('is not for the author, the maker, a stranger or somebody of another institution, for whom there is no such review', async () => {
    const { ada, ben, cy, eve, ethics } = await scene()
    things.set(at.object, { digest: digest('a'), makers: [cy.id], panels: [{ kind: 'team', id: ethics, quorum: 2 }] })
    const review = await ask(ada)
    expect(await refused(voteOnReview, ballot(review), ada)).toBe('own-review')
    expect(await refused(voteOnReview, ballot(review), cy)).toBe('own-review')
    expect(await refused(voteOnReview, ballot(review), eve)).toBe('not-found')
    expect(await refused(readReview, { review: review.id }, eve)).toBe('not-found')
    const other = (await ensureTenant(t.door.node, 'other', 'Other')).id
    expect(await refused(readReview, { review: review.id }, await staff(['officer'], other))).toBe('not-found')
    expect(await desk(eve)).toEqual([])
    expect(await desk(ben)).toHaveLength(1)
  })

  it('is not for the author through a team or role of the panel', async () => {
    const { ben, cy } = await scene()
    const ada = await staff(['officer'])
    const ethics = await team(ada, ben, cy)
    things.set(at.object, {
      digest: digest('a'),
      makers: [],
      panels: [{ kind: 'team', id: ethics, quorum: 2 }],
    })
    const review = await ask(ada)
    expect(await refused(voteOnReview, ballot(review), ada)).toBe('own-review')
    expect(await desk(ada)).toEqual([])
  })

  it('asks for a fresh proof', async () => {
    const { ada, ben } = await scene()
    const review = await ask(ada)
    const stale = { ...ben, provenAtMs: t.clock.nowMs() - 3_600_000 }
    await expect(t.door.enter(voteOnReview, ballot(review), stale)).rejects.toMatchObject({ kind: { type: '/problems/door/step-up-required' } })
  })

  it('is of what the voter saw, and of nothing that has changed since', async () => {
    const { ada, ben } = await scene()
    const review = await ask(ada)
    expect(await refused(voteOnReview, ballot(review, 'approve', digest('b')), ben)).toBe('other-digest')
    const thing = things.get(at.object) as Thing
    thing.digest = digest('b')
    expect(await refused(voteOnReview, ballot(review, 'approve', digest('a')), ben)).toBe('review-changed')
    expect((await read(review, ben)).changed).toBe(true)
    things.delete(at.object)
    expect(await refused(voteOnReview, ballot(review, 'approve', digest('a')), ben)).toBe('review-changed')
  })

  it('brings about what was asked for with the one that completes, once, in one transaction', async () => {
    const { ada, ben, cy, dan } = await scene()
    const review = await ask(ada)
    expect(await vote(review, ben)).toMatchObject({ state: 'partially_reviewed', panels: [{ voted: 1 }], waits_for: null })
    expect(joined).toEqual([])
    expect(await vote(review, cy)).toMatchObject({ state: 'approved' })
    expect(joined).toEqual([at.object])
    expect(await refused(voteOnReview, ballot(review), dan)).toBe('review-closed')
    expect(t.entries.filter(({ type, facts }) => type === 'approvals.vote' && facts.decision !== 'deny').at(-1)).toMatchObject({
      facts: { details: { state: 'approved', votes: [{ voter: ben.id }, { voter: cy.id }] } },
    })
  })

  it('is not counted where what follows is refused', async () => {
    const { ada, ben, cy } = await scene()
    const review = await ask(ada)
    await vote(review, ben)
    at.refusal = refuse(doorProblems.conflict)
    expect(await refused(voteOnReview, ballot(review), cy)).toBe('conflict')
    expect(await read(review, ada)).toMatchObject({ state: 'partially_reviewed', votes: [{ voter: ben.id }] })
    at.refusal = undefined
    expect(await vote(review, cy)).toMatchObject({ state: 'approved' })
  })

  it('counts once for a person in two panels, and each panel has to approve', async () => {
    const { ada, ben, cy, ethics } = await scene()
    const board = await team(ben, cy)
    things.set(at.object, {
      digest: digest('a'),
      makers: [],
      panels: [
        { kind: 'team', id: ethics, quorum: 1 },
        { kind: 'team', id: board, quorum: 1 },
      ],
    })
    const review = await ask(ada)
    await vote(review, ben)
    expect(await done(voteOnReview, { ...ballot(review), panel: 1 }, ben)).toMatchObject({ state: 'partially_reviewed', panels: [{ voted: 1 }, { voted: 0 }] })
    expect(await vote(review, cy)).toMatchObject({ state: 'approved' })
  })

  it('of two at the same moment completes once, whoever is first', async () => {
    for (let round = 0; round < 3; round++) {
      at.object = `race-${round}`
      const { ada, ben, cy } = await scene()
      const review = await ask(ada)
      const answers = await Promise.all([ben, cy].map((who) => enter(voteOnReview, ballot(review), who)))
      expect(answers.map((answer) => (answer.outcome === 'done' ? (answer.output as ReviewView).state : answer.outcome)).sort()).toEqual([
        'approved',
        'partially_reviewed',
      ])
      expect(joined.filter((one) => one === at.object)).toEqual([at.object])
    }
  })

  it('of one person twice at the same moment is one', async () => {
    const { ada, ben } = await scene()
    const review = await ask(ada)
    await Promise.all([1, 2, 3].map(() => vote(review, ben)))
    expect(await read(review, ben)).toMatchObject({ state: 'partially_reviewed', votes: [{ voter: ben.id, choice: 'approve' }] })
  })

  it('against an edit at the same moment: never approved with a vote of the round before', async () => {
    for (let turn = 0; turn < 4; turn++) {
      at.object = `edit-race-${turn}`
      const { ada, ben, cy } = await scene()
      const review = await ask(ada)
      await vote(review, ben)
      const thing = things.get(at.object) as Thing
      const seen = thing.digest
      thing.digest = digest('b')
      const [edit, voted] = await Promise.all([enter(resubmitReview, { review: review.id }, ada), enter(voteOnReview, ballot(review, 'approve', seen), cy)])
      expect([edit.outcome, voted.outcome]).toEqual(['done', 'refused'])
      expect(await read(review, ben)).toMatchObject({ state: 'submitted', round: 2, votes: [] })
      expect(joined).toEqual([])
    }
  })
})

describe('votes are hidden', () => {
  it('from everybody until all first votes are in, in answers, lists and the ledger; then the ledger opens its commitments', async () => {
    const { ada, ben, cy, dan } = await scene()
    const overseer = await staff(['auditor'])
    const review = await ask(ada)
    await vote(review, ben, 'reject')
    const committed = t.entries.at(-1)?.facts.details as { commitment: string }
    expect(committed.commitment).toMatch(/^[0-9a-f]{64}$/)
    for (const who of [ada, cy, dan, overseer]) {
      const page = await read(review, who)
      expect(page).toMatchObject({ blinded: true, votes: [{ voter: ben.id, choice: null }] })
      expect(JSON.stringify([page, t.entries])).not.toContain('reject')
    }
    expect((await read(review, ben)).votes).toMatchObject([{ choice: 'reject' }])
    await vote(review, cy, 'approve')
    expect(await read(review, ada)).toMatchObject({ state: 'reviewed', blinded: false, votes: [{ choice: 'reject' }, { choice: 'approve' }] })
    const opened = t.entries.at(-1)?.facts.details as { votes: { voter: string; choice: Choice; nonce: string }[] }
    const mine = opened.votes.find(({ voter }) => voter === ben.id)
    expect(commitmentTo(nodePrimitives, fromHex(mine?.nonce ?? '') as Uint8Array, mine?.choice as Choice)).toBe(committed.commitment)
  })

  it('with the comments of reviewers; private ones are never for authors and onlookers', async () => {
    const { ada, ben, cy } = await scene()
    const overseer = await staff(['auditor'])
    const review = await ask(ada)
    const say = (who: Principal, visibility: string, text: string) => {
      t.clock.advance(1)
      return done(commentOnReview, { review: review.id, visibility, text }, who)
    }
    const heard = async (who: Principal) => (await read(review, who)).comments.map(({ text }) => text)
    await say(ada, 'public', 'from the author')
    await say(ben, 'private', 'among us')
    await say(ben, 'public', 'to the author')
    expect(await refused(commentOnReview, { review: review.id, visibility: 'private', text: 'x' }, ada)).toBe('no-seat')
    expect(await refused(commentOnReview, { review: review.id, visibility: 'public', text: 'x' }, overseer)).toBe('no-seat')
    for (const who of [ada, cy, overseer]) expect(await heard(who)).toEqual(['from the author'])
    expect(await heard(ben)).toEqual(['from the author', 'among us', 'to the author'])
    await vote(review, ben, 'changes_requested')
    await vote(review, cy, 'approve')
    expect(await heard(cy)).toEqual(['from the author', 'among us', 'to the author'])
    for (const who of [ada, overseer]) expect(await heard(who)).toEqual(['from the author', 'to the author'])
    expect(JSON.stringify([t.entries, t.logLines])).not.toContain('among us')
  })
})

describe('a disagreement', () => {
  it('ends by a changed vote, or is concluded by the strictest one', async () => {
    const { ada, ben, cy, dan } = await scene()
    const review = await ask(ada)
    await vote(review, ben)
    expect(await refused(concludeReview, { review: review.id }, ben)).toBe('votes-hidden')
    await vote(review, cy, 'changes_requested')
    expect(await refused(voteOnReview, ballot(review), dan)).toBe('votes-open')
    expect(await refused(concludeReview, { review: review.id }, dan)).toBe('no-vote')
    expect(await desk(ben)).toMatchObject([{ waits_for: 'agreement' }])
    expect(await done(concludeReview, { review: review.id }, ben)).toMatchObject({ state: 'returned' })
    expect(await desk(ada)).toMatchObject([{ waits_for: 'revision' }])
    expect(joined).toEqual([])
  })

  it('that ends in a rejection is told to the module', async () => {
    const { ada, ben, cy } = await scene()
    const review = await ask(ada)
    await vote(review, ben, 'reject')
    await vote(review, cy, 'reject')
    expect(over).toEqual([`${at.object} rejected`])
    expect(await refused(resubmitReview, { review: review.id }, ada)).toBe('review-closed')
  })
})

describe('submitting again', () => {
  it('is for the author, after an edit or a return; votes begin anew, also for whoever has become an author', async () => {
    const { ada, ben, cy, dan } = await scene()
    const review = await ask(ada)
    await vote(review, ben)
    expect(await refused(resubmitReview, { review: review.id }, ben)).toBe('author-only')
    expect(await refused(resubmitReview, { review: review.id }, ada)).toBe('review-unchanged')
    const thing = things.get(at.object) as Thing
    Object.assign(thing, { digest: digest('b'), makers: [dan.id] })
    expect(await done(resubmitReview, { review: review.id }, ada)).toMatchObject({ state: 'submitted', round: 2, digest: digest('b'), panels: [{ voted: 0 }] })
    expect(await refused(voteOnReview, ballot(review), dan)).toBe('own-review')
    await vote(review, cy)
    expect(await vote(review, ben)).toMatchObject({ state: 'approved' })
  })
})
