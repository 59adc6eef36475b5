/** Erasures at the review desk: governance and custody never import each other, so this is asked of the node that has both. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { approveErasure } from '../../modules/custody/retention/approve-erasure.ts'
import { retentionModule } from '../../modules/custody/retention/index.ts'
import { requestErasure } from '../../modules/custody/retention/request-erasure.ts'
import { vaultModule } from '../../modules/custody/vault/index.ts'
import { declareReviewKinds } from '../../modules/governance/approvals/index.ts'
import { requestReviewOperation } from '../../modules/governance/approvals/reviews/request.ts'
import { setReviewRule } from '../../modules/governance/approvals/reviews/rules.ts'
import { voteOnReview } from '../../modules/governance/approvals/reviews/vote.ts'
import { testDesk } from '../../modules/governance/approvals/testing/desk.ts'
import { registerSubjects } from '../../modules/subjects/index.ts'

let desk: Awaited<ReturnType<typeof testDesk>>
beforeAll(async () => {
  desk = await testDesk([vaultModule, retentionModule])
  declareReviewKinds(desk.t.door.node, retentionModule.reviewKinds ?? [])
}, 60_000)
afterAll(() => desk.t.close())

it('an institution has erasures judged by a panel, and then two who ask for the same are not enough', async () => {
  const { t, tenant, staff, done, refused } = desk
  const [anna, ben, cy, dan] = [await staff(['officer']), await staff(['officer']), await staff(['officer']), await staff(['officer'])]
  await t.database.transaction(tenant, (tx) => registerSubjects(tx, t.door.node, ['C1', 'C2']))
  const ask = (user_id: string) => done(requestErasure, { user_id, ground: 'request_of_the_person' }, anna)

  const byTwo = await ask('C1')
  expect(await refused(approveErasure, { erasure: byTwo.id }, ben)).toBe('pending')
  expect(await done(approveErasure, { erasure: byTwo.id }, cy)).toMatchObject({ state: 'approved' })

  const rule = { kind: 'erasure', panels: [{ kind: 'role', id: 'officer', quorum: 2 }], deadline_days: 7, demanded: true }
  await refused(setReviewRule, rule, ben)
  await done(setReviewRule, rule, cy)

  const erasure = await ask('C2')
  expect(await refused(approveErasure, { erasure: erasure.id }, ben)).toBe('review-demanded')
  const review = await done(requestReviewOperation, { kind: 'erasure', object: erasure.id }, ben)
  const ballot = { review: review.id, choice: 'approve', digest: review.digest }
  for (const author of [anna, ben]) expect(await refused(voteOnReview, ballot, author)).toBe('own-review')
  await done(voteOnReview, ballot, cy)
  expect(await done(voteOnReview, ballot, dan)).toMatchObject({ state: 'approved' })
  const [row] = await t.database.transaction(tenant, (tx) => tx.query('SELECT state FROM retention.erasure WHERE id = $1', [erasure.id]))
  expect(row).toEqual({ state: 'approved' })
  // What was decided is not judged again.
  expect(await refused(requestReviewOperation, { kind: 'erasure', object: erasure.id }, ben)).toBe('not-found')
})
