/** A desk on a real database, with a kind of review whose things the test holds, and the few steps that its tests begin with. */
import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Module } from '@gatehouse/runtime/door/module'
import type { AnyOperation, Refusal } from '@gatehouse/runtime/door/operation'
import type { Panel, ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { ledgerModule } from '../../../ledger/index.ts'
import { subjectsModule } from '../../../subjects/index.ts'
import { accessModule, authorize } from '../../access/index.ts'
import { identityModule } from '../../identity/index.ts'
import { changeUser, insertAccount, insertUser } from '../../identity/store.ts'
import { createTeam } from '../../identity/teams/teams.ts'
import { partnersModule } from '../../partners/index.ts'
import { defaultTenant, ensureTenant, tenancyModule } from '../../tenancy/index.ts'
import { approve } from '../approve.ts'
import { approvalsModule } from '../module.ts'
import type { Choice } from '../reviews/decide.ts'
import { declareReviewKinds } from '../reviews/kinds.ts'
import { listReviews } from '../reviews/list.ts'
import { readReview } from '../reviews/read.ts'
import { requestReviewOperation } from '../reviews/request.ts'
import type { ReviewPage, ReviewView } from '../reviews/schema.ts'
import { voteOnReview } from '../reviews/vote.ts'

export interface Thing {
  digest: string
  makers: string[]
  panels?: Panel[]
}
export type Colleague = Principal & { readonly id: Id<'user'> }

export const digest = (letter: string) => letter.repeat(64)

/** @param more modules above the desk */
export async function testDesk(more: readonly Module[] = []) {
  const things = new Map<string, Thing>()
  /** What approvals have brought about, and how others ended. */
  const joined: string[] = []
  const over: string[] = []
  /** The thing of the present test. */
  const at = { object: '', refusal: undefined as Refusal | undefined }
  const membership: ReviewKind = {
    name: 'membership',
    summary: 'Somebody joins a project when each data holder approves',
    asks: { action: 'create', resource: { type: 'policy' } },
    panels: [{ kind: 'role', id: 'officer', quorum: 2 }],
    deadlineDays: 10,
    present: async (_tx, _node, object) => things.get(object),
    async approved(_ctx, { object }) {
      if (at.refusal === undefined) joined.push(object)
      return at.refusal
    },
    ended: async (_at, { object }, how) => void over.push(`${object} ${how}`),
  }
  const t: TestNode = await testNode({
    modules: [ledgerModule, subjectsModule, tenancyModule, accessModule, partnersModule, identityModule, approvalsModule, ...more],
    plugs: { allowed: authorize, approve },
  })
  declareReviewKinds(t.door.node, [membership, ...(approvalsModule.reviewKinds ?? [])])
  const tenant = (await ensureTenant(t.door.node, defaultTenant.slug, defaultTenant.name)).id

  let count = 0
  const begin = () => {
    at.object = `thing-${++count}`
    at.refusal = undefined
    things.set(at.object, { digest: digest('a'), makers: [] })
    joined.length = 0
    over.length = 0
    // The engine's memory of relations is half a second old at most.
    t.clock.advance(1_000)
  }

  let people = 0
  /** A member of the staff with an account. */
  async function staff(roles: string[] = [], of = tenant): Promise<Colleague> {
    const number = String(++people).padStart(12, '0')
    const id = `01980000-0000-7000-9000-${number}` as Id<'user'>
    const now = new Date(t.clock.nowMs()).toISOString() as never
    await t.database.transaction(of, async (tx) => {
      await insertUser(tx, {
        tenant_id: of,
        id,
        email: `p${number}@example.org`,
        name: `Person ${people}`,
        roles,
        created_at: now,
        partner_id: null,
        subject_id: null,
      })
      await insertAccount(tx, of, { id: `01980000-0000-7000-a000-${number}`, userId: id, providerId: 'credential', accountId: id, password: null }, now)
    })
    return { ...t.principal({ id, tenant: of, roles, session: 'here' }), id }
  }
  async function team(...members: Principal[]): Promise<Id<'team'>> {
    const answer = await t.door.enter(createTeam, { name: `Team ${++people}`, members: members.map(({ id }) => id) }, t.principal({ tenant }))
    if (answer.outcome !== 'done') throw new Error('no team')
    return answer.output.id
  }
  /** Gives an account other roles, or closes it. */
  const change = (who: Colleague, roles: readonly string[], close = false) =>
    t.database.transaction(tenant, (tx) => changeUser(tx, tenant, who, roles, close ? (new Date(t.clock.nowMs()).toISOString() as never) : null))
  const fresh = (who: Principal): Principal => ({ ...who, provenAtMs: t.clock.nowMs() })

  const enter = (operation: AnyOperation, input: unknown, who: Principal) => t.door.enter(operation, input, fresh(who))
  // biome-ignore lint/suspicious/noExplicitAny: answers of every operation
  async function done(operation: AnyOperation, input: unknown, who: Principal): Promise<any> {
    const answer = await enter(operation, input, who)
    if (answer.outcome === 'done') return answer.output
    throw new Error(`${operation.name}: ${answer.outcome === 'refused' ? JSON.stringify(answer.problem.document()) : answer.outcome}`)
  }
  /** The last word of the problem's type. */
  async function refused(operation: AnyOperation, input: unknown, who: Principal): Promise<string> {
    const answer = await enter(operation, input, who).catch((problem: { kind: { type: string } }) => ({ outcome: 'refused' as const, problem }))
    return answer.outcome === 'refused' ? (answer.problem.kind.type.split('/').at(-1) ?? '') : answer.outcome
  }

  const ask = (author: Principal): Promise<ReviewView> => done(requestReviewOperation, { kind: 'membership', object: at.object }, author)
  const ballot = (review: { id: string }, choice: Choice = 'approve', of = things.get(at.object)?.digest ?? '') => ({ review: review.id, choice, digest: of })
  const vote = (review: { id: string }, who: Principal, choice: Choice = 'approve'): Promise<ReviewView> => done(voteOnReview, ballot(review, choice), who)
  const read = (review: { id: string }, who: Principal): Promise<ReviewPage> => done(readReview, { review: review.id }, who)
  const desk = async (who: Principal, show = 'waiting', more: object = {}): Promise<ReviewView[]> =>
    (await done(listReviews, { show, limit: 500, ...more }, who)).data.filter((one: ReviewView) => one.object === at.object)

  /** An author, a panel of three that wants two, and a stranger of the staff. */
  async function scene() {
    const [ada, ben, cy, dan, eve] = [await staff(['officer']), await staff(), await staff(), await staff(), await staff()]
    const ethics = await team(ben, cy, dan)
    things.set(at.object, { digest: digest('a'), makers: [], panels: [{ kind: 'team', id: ethics, quorum: 2 }] })
    return { ada, ben, cy, dan, eve, ethics }
  }
  return { t, tenant, things, joined, over, at, begin, staff, team, change, enter, done, refused, ask, ballot, vote, read, desk, scene }
}
