/**
 * How many people a plan means, told to somebody who works in no project: rounded, absent below the floor, compared with every figure
 * that was told before and with every released result, and as many questions in a day as the budget allows. The same people are
 * answered as before, and so is whoever differs from them in a few: two answers subtracted tell of nobody.
 */
import { type Id, newId } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { guardDifferencing } from '@gatehouse/privacy/aggregate/differencing'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import { Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { peopleMeant } from '../executor/trial.ts'
import { prepareTrial, type TrialContext, toldOf } from '../plans/trial.ts'
import { problems } from '../problems.ts'
import { limits, told } from '../schema.ts'
import { keepPeople, peopleOf } from './differencing.ts'
import type { PeopleDigests } from './people.ts'
import { askedCohorts, insertAsked, lockAsking, questionsSince, releasedCohorts } from './store.ts'

export type AskedCohort = { readonly floor: number } & (
  | { readonly told: 'count'; readonly people: number }
  /** At least as many as the floor; a figure would tell of a few, or nobody asked for one. */
  | { readonly told: 'exists' }
  /** Nobody, or fewer than the floor. */
  | { readonly told: 'too_few' }
)

export interface CohortQuestion {
  readonly project: Id<'project'>
  readonly document: QueryPlanInput
  readonly want: 'count' | 'exists'
  /** Figures that may be told in a day. */
  readonly questionsPerDay: number
}

export async function askCohort(ctx: TrialContext, { project, document, want, questionsPerDay }: CohortQuestion): Promise<AskedCohort | Refusal> {
  const prepared = await prepareTrial(ctx, project, document)
  if (prepared instanceof Refusal) return prepared
  if (!prepared.offered) return refuse(problems.not_offered)
  const { input, floor } = prepared
  const people = await peopleMeant(ctx.node, { ...input, signal: AbortSignal.timeout(limits.trialMs) }).catch(toldOf)
  if (people instanceof Refusal) return people
  if (people === undefined) return refuse(problems.plan_unfit, 'nothing in its tables tells one person from another: one column of each has to be the subject')
  if (people.size < floor) return { told: 'too_few', floor }
  if (want === 'exists') return { told: 'exists', floor }
  return ctx.step((tx) => tellFigure(ctx, tx, { project, floor, people, questionsPerDay }))
}

interface Telling extends Pick<CohortQuestion, 'project' | 'questionsPerDay'> {
  readonly floor: number
  readonly people: PeopleDigests
}

/** One question of a project after the other: two that are asked at once are compared, too. */
async function tellFigure({ node, tenant, now }: TrialContext, tx: Tx, { project, floor, people, questionsPerDay }: Telling): Promise<AskedCohort | Refusal> {
  await lockAsking(tx, project)
  const asked = await askedCohorts(tx, project, limits.cohortsComparedMax)
  const before = await Promise.all(asked.map(async ({ id, blob, told }) => ({ id, told, people: await peopleOf(node, tenant, id, blob) })))
  const same = before.find((earlier) => differsBy(people, earlier.people) < floor)
  if (same !== undefined) return { told: 'count', people: same.told, floor }
  if ((await questionsSince(tx, project, addSeconds(now, -86_400))) >= questionsPerDay) return refuse(problems.questions_spent)
  const released = await releasedCohorts(tx, project, limits.cohortsComparedMax)
  const results = await Promise.all(released.map(async ({ result_id: id, blob }) => ({ id, people: await peopleOf(node, tenant, id, blob) })))
  if (guardDifferencing({ id: project, people }, [...before, ...results], floor).outcome === 'refuse') return { told: 'exists', floor }
  const figure = told(people.size, floor) as number
  const id = newId<'query_run'>(node.source)
  await insertAsked(tx, project, { id, told: figure, blob: await keepPeople(node, tenant, id, people), asked_at: now })
  return { told: 'count', people: figure, floor }
}

/** People that are in one of both and not in the other. */
function differsBy(left: PeopleDigests, right: PeopleDigests): number {
  let shared = 0
  for (const person of left) if (right.has(person)) shared += 1
  return left.size + right.size - 2 * shared
}
