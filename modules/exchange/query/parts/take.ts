/**
 * What another node asks this one to do becomes a run of this one's own: of a plan that is kept here, in the project that was joined, in
 * the place of the person who was approved here. From there on everything is asked of it that is asked of any run.
 */
import type { Id } from '@gatehouse/core/id'
import { fromBase64url } from '@gatehouse/crypto/bytes'
import { planHash } from '@gatehouse/query/plan/hash'
import { ownSources, seenFrom } from '@gatehouse/query/plan/nodes'
import { planProblems } from '@gatehouse/query/plan/parse'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import { messageKind, type ReceivedMessage } from '@gatehouse/runtime/door/message-kind'
import { Refusal, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { requestReview } from '../../../governance/approvals/index.ts'
import { openProject } from '../../../governance/projects/index.ts'
import { ownIdentity, send } from '../../federation/index.ts'
import { settingsOf } from '../budget/store.ts'
import { wrapRunKey } from '../keys.ts'
import { isOffered } from '../offered.ts'
import { approvalOf, approvalReasonsOf, runnable } from '../plans/approval.ts'
import { objectOf } from '../plans/review-kind.ts'
import { findVersion, insertPlan, insertVersion, setReview, type VersionRow } from '../plans/store.ts'
import { changedEvent, endRecorded } from '../runs/end.ts'
import { inPlaceOf } from '../runs/in-place-of.ts'
import { runQueue } from '../runs/queue.ts'
import { insertRun, keepBeginning } from '../runs/store.ts'
import { codeVersion } from '../runs/version.ts'
import { inProject, limits } from '../schema.ts'
import { tablesOf } from '../tables.ts'
import { later } from './end-part.ts'
import { partKinds } from './kinds.ts'
import { behalfOfPerson, mayHere } from './person.ts'
import { ofPart, type PartBody, partBody } from './schema.ts'
import { errandsFor, foreignPlan, insertErrand, insertForeignPlan } from './store.ts'
import { endComparison } from './unit/end.ts'

export const takePart = messageKind({
  kind: partKinds.part,
  versions: [1],
  body: partBody,
  acting: true,
  async run(ctx, received) {
    const known = await errandsFor(ctx.tx, received.from, received.body.run)
    // The same message twice, or an older one behind a newer.
    if (known.some(({ attempt }) => attempt >= received.body.attempt)) return undefined
    for (const { run_id } of known) await endRecorded(ctx, ctx.tx, run_id, 'not_wanted', ctx.now)
    const refused = await take(ctx, received)
    if (refused !== undefined) await refuse(ctx, received, refused)
    return undefined
  },
})

async function refuse({ node, tx, tenant, now }: TransactionContext, { from, thread, body }: ReceivedMessage<PartBody>, reason: string): Promise<void> {
  const { run, attempt, deadline_at } = body
  await send(tx, node, tenant, { to: from, kind: partKinds.refused, thread, body: { run, attempt, reason }, expiresAt: later(now, deadline_at) })
}

/** @returns why nothing is begun, as a code */
async function take(ctx: TransactionContext, received: ReceivedMessage<PartBody>): Promise<string | undefined> {
  const { node, tx, tenant, now } = ctx
  const { from, body } = received
  if (received.person === undefined || received.project === undefined) return 'not_member'
  const [person, project] = [received.person.user, received.project.id]
  if (!(await mayHere(ctx, person, 'create', inProject('query_run')({ project })))) return 'not_member'
  if ((await openProject(tx, project, now)) === undefined) return 'project_closed'
  const key = fromBase64url(body.content_key)
  const plan = await planFor(ctx, body, from)
  if (plan === undefined || key?.length !== 32) return 'plan_unfit'
  const version = await versionFor(ctx, { from, person, project, hash: body.hash }, plan)
  if (version === undefined) return 'too_many_plans'
  const id = ctx.newId<'query_run'>()
  const run = {
    id,
    project_id: project,
    plan_id: version.plan_id,
    version: version.version,
    hash: version.hash,
    title: plan.output.title,
    schedule_id: null,
    asked_by: person,
    asked_from: from,
    behalf: behalfOfPerson(person, project),
    asked_at: now,
    floor: (await settingsOf(tx, project)).floor,
  }
  if (!(await insertRun(tx, run, limits.openRunsMax))) return 'too_many_runs'
  await keepBeginning(tx, id, { ...(await wrapRunKey(node, tenant, id, key)), target: null, codeVersion })
  const { run: foreign_run, hash: foreign_plan_hash, attempt, sources, audience, key_id, deadline_at } = body
  const asked = { peer: from, foreign_run, foreign_plan_hash, attempt, sources, audience, key_id, deadline_at }
  await insertErrand(tx, { run_id: id, project_id: project, asked_at: now, ...asked })
  await node.queue.enqueue(tx, runQueue, { tenant, run: id }, { singletonKey: id })
  const facts = {
    object: { kind: 'query_run', id },
    details: { project, plan: version.plan_id, version: version.version, hash: version.hash, node: from, foreign_run },
  }
  await ctx.record(tx, 'query.part_taken', facts, [changedEvent(run, 'queued')])
  return undefined
}

/** The plan as it is seen from here; `undefined` where it is none, is another than its hash says, or does not mean what is asked of it. */
async function planFor({ node, tx, tenant }: TransactionContext, { plan, hash, sources }: PartBody, sender: string): Promise<QueryPlan | undefined> {
  if (planHash(node.keys.primitives, plan) !== hash || planProblems(plan).length > 0) return undefined
  const reader = (await ownIdentity(tx, node, tenant))?.identity.name
  if (reader === undefined) return undefined
  const seen = seenFrom(plan, { reader, sender })
  const own = ownSources(seen).map(({ as }) => as)
  return own.length > 0 && own.join(' ') === sources.join(' ') ? seen : undefined
}

interface Asked {
  readonly from: string
  readonly person: Id<'user'>
  readonly project: Id<'project'>
  /** Of the plan as the other node has it. */
  readonly hash: string
}

/** The plan is kept once; who has to agree to it is asked once, and their word holds for each run of it. */
async function versionFor(ctx: TransactionContext, { from, person, project, hash }: Asked, document: QueryPlan): Promise<VersionRow | undefined> {
  const { node, tx, now } = ctx
  const known = await foreignPlan(tx, project, from, hash)
  const version = known === undefined ? await kept() : await findVersion(tx, known, 1, true)
  if (version === undefined || runnable(approvalOf(version)) || version.review_id !== null) return version
  const asking = inPlaceOf(ctx, tx, behalfOfPerson(person, project), (event) => ctx.publish(event))
  const review = await requestReview(asking, 'query_plan', objectOf(version.plan_id, version.version))
  if (review instanceof Refusal) return version
  await setReview(tx, version.plan_id, version.version, review.id)
  return { ...version, review_id: review.id }

  async function kept(): Promise<VersionRow | undefined> {
    const open = await openProject(tx, project, now)
    const plan = { id: ctx.newId<'query_plan'>(), project_id: project, created_by: person, created_at: now }
    if (open === undefined || !(await insertPlan(tx, plan, limits.plansPerProjectMax))) return undefined
    const tables = await tablesOf(tx, { sources: ownSources(document) }, open.sources)
    const made: VersionRow = {
      plan_id: plan.id,
      version: 1,
      hash: planHash(node.keys.primitives, document),
      document,
      reasons: approvalReasonsOf(document, await isOffered(ctx, tx, open.project, { plan: document, tables })),
      review_id: null,
      approved_teams: null,
      approved_at: null,
      made_by: person,
      made_at: now,
    }
    await insertVersion(tx, made)
    await insertForeignPlan(tx, project, from, hash, plan.id)
    ctx.publish({ type: 'query.plan_changed', subject: plan.id, data: { project, plan: plan.id, version: 1 } })
    return made
  }
}

export const cancelPart = messageKind({
  kind: partKinds.cancel,
  versions: [1],
  body: ofPart,
  async run(ctx, { from, body: { run, attempt } }) {
    for (const errand of await errandsFor(ctx.tx, from, run)) {
      if (errand.attempt <= attempt) await endRecorded(ctx, ctx.tx, errand.run_id, 'not_wanted', ctx.now)
    }
    await endComparison(ctx, ctx.tx, { peer: from, foreign_run: run }, { on: 'cancel', at: ctx.now, reason: 'not_wanted' })
    return undefined
  },
})
