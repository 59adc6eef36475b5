/** Admission by review: the desk, the applications and PostgreSQL together. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declareReviewKinds } from '../approvals/index.ts'
import { requestReviewOperation } from '../approvals/reviews/request.ts'
import { resubmitReview } from '../approvals/reviews/resubmit.ts'
import { setReviewRule } from '../approvals/reviews/rules.ts'
import { voteOnReview } from '../approvals/reviews/vote.ts'
import { type Colleague, testDesk } from '../approvals/testing/desk.ts'
import { change } from './change.ts'
import { applicationsModule } from './index.ts'
import { admit, submit } from './life.ts'
import { read } from './list.ts'
import { register } from './register.ts'

let desk: Awaited<ReturnType<typeof testDesk>>
let [dora, ada, ben, cy]: Colleague[] = []
const who = (one: Colleague | undefined) => one as Colleague

beforeAll(async () => {
  desk = await testDesk([applicationsModule])
  declareReviewKinds(desk.t.door.node, applicationsModule.reviewKinds ?? [])
  dora = await desk.staff(['administrator', 'officer'])
  ada = await desk.staff(['administrator', 'officer'])
  ben = await desk.staff(['officer'])
  cy = await desk.staff(['officer'])
})
afterAll(() => desk?.t.close())

async function submitted(): Promise<string> {
  const { application } = await desk.done(
    register,
    { name: 'Budget helper', purpose: 'Shows who has received your data.', scopes: [{ area: 'own_disclosure', level: 'read' }] },
    who(dora),
  )
  await desk.done(submit, { application: application.id }, who(dora))
  return application.id
}
const ask = (application: string, by = who(dora)) => desk.done(requestReviewOperation, { kind: 'application_admission', object: application }, by)
const now = async (application: string) => {
  const { state, revision } = await desk.done(read, { application }, who(dora))
  return [state, revision]
}

it('until the institution demands reviews, one colleague admits', async () => {
  const application = await submitted()
  await desk.done(admit, { application, revision: 1 }, who(ada))
  expect(await now(application)).toEqual(['live', 1])
})

describe('where a review of admissions is demanded', () => {
  beforeAll(async () => {
    const rule = { kind: 'application_admission', panels: [{ kind: 'role', id: 'officer', quorum: 2 }], deadline_days: 14, demanded: true }
    expect(await desk.refused(setReviewRule, rule, who(ben))).toBe('pending')
    await desk.done(setReviewRule, rule, who(cy))
  })

  it('nobody admits directly, whoever they are', async () => {
    const application = await submitted()
    for (const one of [dora, ada]) expect(await desk.refused(admit, { application, revision: 1 }, who(one))).toBe('review-demanded')
    expect(await now(application)).toEqual(['submitted', 1])
  })

  it('what nobody submitted is not judged', async () => {
    const { application } = await desk.done(register, { name: 'Draft', purpose: 'Not ready.' }, who(dora))
    expect(await desk.refused(requestReviewOperation, { kind: 'application_admission', object: application.id }, who(dora))).toBe('not-found')
  })

  it('the panel’s last vote admits; whoever registered it and whoever asked have none', async () => {
    const application = await submitted()
    const review = await ask(application, who(ada))
    const ballot = { review: review.id, choice: 'approve', digest: review.digest }
    for (const maker of [dora, ada]) expect(await desk.refused(voteOnReview, ballot, who(maker))).toBe('own-review')
    await desk.done(voteOnReview, ballot, who(ben))
    expect(await now(application)).toEqual(['submitted', 1])
    expect(await desk.done(voteOnReview, ballot, who(cy))).toMatchObject({ state: 'approved' })
    expect(await now(application)).toEqual(['live', 1])
    expect(desk.t.entries.filter(({ type }) => type === 'applications.admit').at(-1)).toMatchObject({
      facts: { object: { kind: 'application', id: application }, details: { state: 'live', revision: 1, review: review.id } },
    })
  })

  it('an edit takes the votes away: they admit neither what was judged nor what came after', async () => {
    const application = await submitted()
    const first = await ask(application)
    const ballot = (digest: string) => ({ review: first.id, choice: 'approve', digest })
    await desk.done(voteOnReview, ballot(first.digest), who(ben))
    await desk.done(change, { application, scopes: [{ area: 'own_disclosure', level: 'write' }] }, who(dora))
    // In the sandbox again, there is nothing to vote on.
    expect(await desk.refused(voteOnReview, ballot(first.digest), who(cy))).toBe('review-changed')
    await desk.done(submit, { application }, who(dora))
    expect(await desk.refused(voteOnReview, ballot(first.digest), who(cy))).toBe('review-changed')
    expect(await now(application)).toEqual(['submitted', 2])

    const second = await desk.done(resubmitReview, { review: first.id }, who(dora))
    expect(second).toMatchObject({ round: 2, panels: [{ voted: 0 }] })
    expect(second.digest).not.toBe(first.digest)
    await desk.done(voteOnReview, ballot(second.digest), who(cy))
    expect(await now(application)).toEqual(['submitted', 2])
    await desk.done(voteOnReview, ballot(second.digest), who(ben))
    expect(await now(application)).toEqual(['live', 2])
  })

  it('an edit at the moment of the last vote is never admitted by it', async () => {
    for (let turn = 0; turn < 3; turn++) {
      const application = await submitted()
      const review = await ask(application)
      const ballot = { review: review.id, choice: 'approve', digest: review.digest }
      await desk.done(voteOnReview, ballot, who(ben))
      const [changed] = await Promise.all([
        desk.refused(change, { application, scopes: [{ area: 'own_disclosure', level: 'write' }] }, who(dora)),
        desk.refused(voteOnReview, ballot, who(cy)),
      ])
      expect([changed, ...(await now(application))]).toEqual(['done', 'sandbox', 2])
    }
  })
})
