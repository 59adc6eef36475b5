/** Publication by review: the desk, the policies and PostgreSQL together. */
import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { subjectsModule } from '../../subjects/index.ts'
import { accessModule, authorize } from '../access/index.ts'
import { approvalsModule, approve, declareReviewKinds } from '../approvals/index.ts'
import { requestReviewOperation } from '../approvals/reviews/request.ts'
import { resubmitReview } from '../approvals/reviews/resubmit.ts'
import { setReviewRule } from '../approvals/reviews/rules.ts'
import { voteOnReview } from '../approvals/reviews/vote.ts'
import { identityModule } from '../identity/index.ts'
import { insertAccount, insertUser } from '../identity/store.ts'
import { partnersModule } from '../partners/index.ts'
import { defaultTenant, ensureTenant, tenancyModule } from '../tenancy/index.ts'
import { createPolicy } from './create.ts'
import { draftVersion } from './draft.ts'
import { currentPolicies, policiesModule } from './index.ts'
import { publishVersion } from './publish.ts'
import type { VersionView } from './schema.ts'
import { document } from './testing/documents.ts'

let t: TestNode
let tenant: Id<'tenant'>
const officers: Principal[] = []
beforeAll(async () => {
  t = await testNode({
    modules: [subjectsModule, tenancyModule, accessModule, partnersModule, identityModule, approvalsModule, policiesModule],
    plugs: { allowed: authorize, approve },
  })
  declareReviewKinds(t.door.node, policiesModule.reviewKinds ?? [])
  tenant = (await ensureTenant(t.door.node, defaultTenant.slug, defaultTenant.name)).id
  for (let one = 1; one <= 4; one++) {
    const id = `01980000-0000-7000-9000-00000000000${one}` as Id<'user'>
    const now = new Date(t.clock.nowMs()).toISOString() as never
    await t.database.transaction(tenant, async (tx) => {
      await insertUser(tx, {
        tenant_id: tenant,
        id,
        email: `o${one}@example.org`,
        name: `O ${one}`,
        roles: ['officer'],
        created_at: now,
        partner_id: null,
        subject_id: null,
      })
      await insertAccount(tx, tenant, { id, userId: id, providerId: 'credential', accountId: id, password: null }, now)
    })
    officers.push(t.principal({ id, tenant, roles: ['officer'] }))
  }
})
afterAll(() => t.close())

const officer = (one: number) => officers[one - 1] as Principal
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation
const done = async (operation: AnyOperation, input: unknown, who: Principal): Promise<any> => {
  const answer = await t.door.enter(operation, input, who)
  if (answer.outcome !== 'done')
    throw new Error(`${operation.name}: ${answer.outcome === 'refused' ? JSON.stringify(answer.problem.document()) : answer.outcome}`)
  return answer.output
}
const enter = (operation: AnyOperation, input: unknown, who: Principal) => t.door.enter(operation, input, who)
const create = (uid: string, who = officer(1)): Promise<VersionView> => done(createPolicy, { document: document(uid) }, who)
const draft = (uid: string, title: string, who = officer(1)): Promise<VersionView> =>
  done(draftVersion, { policy: uid, document: document(uid, { title }) }, who)
const ask = (policy: string, who = officer(1)) => done(requestReviewOperation, { kind: 'policy_publication', object: policy }, who)
const inForce = async (uid: string) => {
  t.clock.advance(1_000)
  const current = await t.database.transaction(tenant, (tx) => currentPolicies(t.door.node, tx, 'harbour-bank'))
  return current.find(({ compiled }) => compiled.policy.uid === uid)?.version
}

it('until the institution demands reviews, two people publish', async () => {
  await create('by-two')
  expect(await enter(publishVersion, { policy: 'by-two', version: 1 }, officer(1))).toMatchObject({ outcome: 'pending' })
  await done(publishVersion, { policy: 'by-two', version: 1 }, officer(2))
  expect(await inForce('by-two')).toBe(1)
})

describe('where a review of publications is demanded', () => {
  const rule = { kind: 'policy_publication', panels: [{ kind: 'role', id: 'officer', quorum: 2 }], deadline_days: 14, demanded: true }
  beforeAll(async () => {
    await enter(setReviewRule, rule, officer(1))
    await done(setReviewRule, rule, officer(2))
  })

  it('publishing by two people is closed, from the first of them', async () => {
    await create('closed')
    expect(await enter(publishVersion, { policy: 'closed', version: 1 }, officer(1))).toMatchObject({
      outcome: 'refused',
      problem: { kind: { type: '/problems/approvals/review-demanded' } },
    })
  })

  it('two others than the author and the one who asks put the newest draft in force', async () => {
    const { policy, digest } = await create('reviewed')
    const review = await ask(policy, officer(2))
    const vote = (who: Principal) => enter(voteOnReview, { review: review.id, choice: 'approve', digest }, who)
    for (const author of [1, 2])
      expect(await vote(officer(author))).toMatchObject({ outcome: 'refused', problem: { kind: { type: '/problems/approvals/own-review' } } })
    await vote(officer(3))
    expect(await inForce('reviewed')).toBeUndefined()
    expect(await vote(officer(4))).toMatchObject({ outcome: 'done', output: { state: 'approved' } })
    expect(await inForce('reviewed')).toBe(1)
    expect(t.entries.filter(({ type }) => type === 'policies.publish').at(-1)).toMatchObject({
      facts: { object: { kind: 'policy', id: policy }, details: { policy_digest: digest, review: review.id } },
    })
  })

  it('a draft that is saved at the moment of the last vote is never put in force by it, nor is what was voted on lost', async () => {
    for (let turn = 0; turn < 5; turn++) {
      const uid = `race-${turn}`
      const { policy, digest } = await create(uid)
      const review = await ask(policy)
      const input = { review: review.id, choice: 'approve', digest }
      await done(voteOnReview, input, officer(3))
      const [saved, voted] = await Promise.all([
        enter(draftVersion, { policy: uid, document: document(uid, { title: 'Wider' }) }, officer(1)),
        enter(voteOnReview, input, officer(4)),
      ])
      expect(saved.outcome).toBe('done')
      // Whichever came first: the vote was of version 1, and version 2 is still a draft.
      expect([voted.outcome, await inForce(uid)]).toEqual(voted.outcome === 'done' ? ['done', 1] : ['refused', undefined])
    }
  })

  it('an edit begins another round', async () => {
    const { policy, digest } = await create('edited')
    const review = await ask(policy)
    await done(voteOnReview, { review: review.id, choice: 'approve', digest }, officer(3))
    const second = await draft('edited', 'Better', officer(2))
    expect(await enter(voteOnReview, { review: review.id, choice: 'approve', digest }, officer(4))).toMatchObject({
      outcome: 'refused',
      problem: { kind: { type: '/problems/approvals/review-changed' } },
    })
    // Whoever saved the draft has become an author, and two are left.
    expect(await done(resubmitReview, { review: review.id }, officer(1))).toMatchObject({ round: 2, digest: second.digest, panels: [{ voted: 0 }] })
    expect(await inForce('edited')).toBeUndefined()
    for (const one of [3, 4]) await done(voteOnReview, { review: review.id, choice: 'approve', digest: second.digest }, officer(one))
    expect(await inForce('edited')).toBe(2)
  })
})
