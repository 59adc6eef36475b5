/** Disclosures, protocols and the course of trials before those who judge them, as they are submitted at the desk itself. */
import type { Principal } from '@gatehouse/runtime/base/context'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { commentOnReview } from '../reviews/comment.ts'
import { readLetter } from '../reviews/letter.ts'
import { requestReviewOperation } from '../reviews/request.ts'
import { resubmitReview } from '../reviews/resubmit.ts'
import type { ReviewView } from '../reviews/schema.ts'
import { voteOnReview } from '../reviews/vote.ts'
import { testDesk } from '../testing/desk.ts'
import { listBoards } from './boards.ts'
import { reviseSubmission } from './revise.ts'
import { type SubmissionKind, submissionKindNames } from './schema.ts'
import { submit } from './submit.ts'

const { t, begin, staff, team, done, refused, read } = await testDesk()
beforeEach(begin)
afterAll(() => t.close())

const terms = (teams: { id: string; quorum?: number }[] = [], more: object = {}) => ({
  title: 'Counts of admissions by month',
  reference: 'plan 41',
  reasons: 'No cell is below ten.',
  teams,
  ...more,
})
const put = (who: Principal, teams: { id: string; quorum?: number }[], more: object = {}, kind: SubmissionKind = 'data_disclosure'): Promise<ReviewView> =>
  done(submit, { kind, ...terms(teams, more) }, who)
const votes = (review: ReviewView, who: Principal, choice = 'approve'): Promise<ReviewView> =>
  done(voteOnReview, { review: review.id, choice, digest: review.digest }, who)

/** A researcher who asks, an officer who judges by rule, and two controllers of one person each. */
async function controllers() {
  const [ada, olga, ben, cy] = [await staff(['researcher']), await staff(['officer']), await staff(), await staff()]
  const [north, south] = [await team(ben), await team(cy)]
  return { ada, olga, ben, cy, north, south, both: [{ id: north }, { id: south }] }
}

describe('a submission is refused', () => {
  it('without the right, with a team that cannot judge, and to whoever would judge it alone', async () => {
    const { ada, ben, north } = await controllers()
    expect(await refused(submit, { kind: 'ethics_board', ...terms() }, await staff(['application_developer']))).toBe('not-allowed')
    expect(await refused(listBoards, {}, ben)).toBe('not-allowed')
    expect(await refused(submit, { kind: 'ethics_board', ...terms([{ id: '01980000-0000-7000-8000-00000000dddd' }]) }, ada)).toBe('panel-too-small')
    const own = await team(ada)
    expect(await refused(submit, { kind: 'ethics_board', ...terms([{ id: own }]) }, ada)).toBe('panel-too-small')
    expect(await refused(submit, { kind: 'ethics_board', ...terms([{ id: north }, { id: north }]) }, ada).catch(() => 'input')).not.toBe('done')
  })

  it('as the thing of another kind, or of nothing', async () => {
    const { ada, both } = await controllers()
    const { object } = await put(ada, both)
    expect(await refused(requestReviewOperation, { kind: 'monitoring_board', object }, ada)).toBe('not-found')
    expect(await refused(requestReviewOperation, { kind: 'data_disclosure', object: 'nothing' }, ada)).toBe('not-found')
  })
})

describe('a disclosure', () => {
  it('takes each controller and the panel of the rule: whoever asks adds judges and takes none away', async () => {
    const { ada, olga, ben, cy, both } = await controllers()
    const review = await put(ada, both)
    expect(review.panels).toMatchObject([{ kind: 'role', id: 'officer' }, { kind: 'team' }, { kind: 'team' }])
    await votes(review, ben)
    expect(await votes(review, cy)).toMatchObject({ state: 'partially_reviewed' })
    expect(await refused(voteOnReview, { review: review.id, choice: 'approve', digest: review.digest }, ada)).toBe('own-review')
    expect(await votes(review, olga)).toMatchObject({ state: 'approved' })
  })

  it('ends sooner than the rule where that is asked, and never later', async () => {
    const { ada, both } = await controllers()
    const days = ({ opened_at, deadline }: ReviewView) => (Date.parse(deadline) - Date.parse(opened_at)) / 86_400_000
    expect(days(await put(ada, both, { deadline_days: 3 }))).toBe(3)
    expect(days(await put(ada, both, { deadline_days: 100 }))).toBe(14)
  })

  it('that is revised waits until it is submitted again, without the votes so far; nobody else revises it', async () => {
    const { ada, olga, ben, cy, both, north } = await controllers()
    const review = await put(ada, both)
    await votes(review, ben)
    const revised = { submission: review.object, ...terms([{ id: north, quorum: 1 }], { reasons: 'Rounded to five.' }) }
    expect(await refused(reviseSubmission, revised, olga)).toBe('not-found')
    await done(reviseSubmission, revised, ada)
    expect(await refused(voteOnReview, { review: review.id, choice: 'approve', digest: review.digest }, cy)).toBe('review-changed')
    const again = await done(resubmitReview, { review: review.id }, ada)
    expect(again).toMatchObject({
      round: 2,
      panels: [
        { id: 'officer', voted: 0 },
        { id: north, voted: 0 },
      ],
    })
    expect((await read(again, ben)).submission).toMatchObject({ reasons: 'Rounded to five.', teams: [{ id: north }] })
    await votes(again, ben)
    await votes(again, olga)
    expect(await refused(reviseSubmission, revised, ada)).toBe('review-closed')
  })

  it('is read by those who judge it; ledger and events have its digest and none of its words', async () => {
    const { ada, ben, both } = await controllers()
    const review = await put(ada, both)
    expect((await read(review, ben)).submission).toMatchObject({ title: 'Counts of admissions by month', author: ada.id })
    const rows = await t.database.transaction(t.tenant, (tx) => tx.query('SELECT data FROM work.outbox'))
    for (const word of ['admissions', 'plan 41', 'No cell']) expect(JSON.stringify([t.entries, rows, t.logLines])).not.toContain(word)
    expect(JSON.stringify(t.entries.at(-1))).toContain(review.digest)
  })
})

describe('a decision letter', () => {
  it.each(submissionKindNames)('of %s says what was decided about exactly what, by which panels and why, and names no reviewer', async (kind) => {
    const { ada, olga, ben, cy, both } = await controllers()
    const review = await put(ada, both, {}, kind)
    expect(await refused(readLetter, { review: review.id }, ada)).toBe('not-decided')
    await done(commentOnReview, { review: review.id, visibility: 'public', text: 'Say how consent is asked.' }, ben)
    await done(commentOnReview, { review: review.id, visibility: 'private', text: 'Between us: weak.' }, cy)
    for (const who of [ben, cy, olga]) await votes(review, who, 'changes_requested')
    expect(await refused(readLetter, { review: review.id }, await staff())).toBe('not-found')
    const letter = await done(readLetter, { review: review.id }, ada)
    expect(letter).toMatchObject({
      kind,
      decision: 'returned',
      digest: review.digest,
      submission: { title: 'Counts of admissions by month', reference: 'plan 41' },
      panels: [{ id: 'officer', voted: 1 }, { voted: 1, name: expect.stringMatching(/^Team/) }, { voted: 1 }],
      said: ['Say how consent is asked.'],
    })
    for (const who of [ben, cy, olga]) expect(JSON.stringify(letter)).not.toContain(who.id)
  })
})
