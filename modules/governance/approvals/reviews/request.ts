import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { Panel, Reviewed, ReviewKind, ReviewKindName } from '@gatehouse/runtime/door/review-kind'
import { z } from 'zod'
import { askingMember } from '../../identity/index.ts'
import { approvalsProblems } from '../problems.ts'
import { reviewEvent, reviewFacts } from './facts.ts'
import { kindNamed, rightToAsk, ruleFor } from './kinds.ts'
import { reviewLife } from './life.ts'
import { objectSchema, openReviewsMax, remindDays, reviewKindSchema, reviewSchema } from './schema.ts'
import { sittersOf } from './seats.ts'
import { countOpen, insertReview, openReviewOf, type ReviewRow } from './store.ts'
import { viewOf } from './view.ts'

export const daySeconds = 86_400

/**
 * Asks for a review in the name of whoever acts; for modules, inside an act of their own that is audited. Where what begins it is no person, an
 * `author` of the staff stands for it: the right to ask is then asked of them when the review ends.
 * @returns the refusal where they may not ask, or there is nothing to review, or it is under review already
 */
export async function requestReview(
  ctx: TransactionContext,
  name: ReviewKindName,
  object: string,
  behind?: { readonly author: Id<'user'> },
): Promise<ReviewRow | Refusal> {
  const kind = kindNamed(ctx.node, name)
  if (kind === undefined) return refuse(approvalsProblems.kind_missing, `no module of this node has things of the kind ${name} reviewed`)
  // A person, of this institution or of another that acts here: the machine's own credential is no person, and could not be asked about again.
  const author = behind?.author ?? (ctx.principal.kind === 'user' ? (ctx.principal.id as Id<'user'>) : undefined)
  if (author === undefined || (await askingMember(ctx.tx, ctx.tenant, author)) === undefined)
    return refuse(approvalsProblems.people_only, 'the credential of a machine or program is no person; sign in, or use an API key of your own')
  const thing = await kind.present(ctx.tx, ctx.node, object)
  const { action, resource } = rightToAsk(kind, thing)
  if (behind === undefined && !(await ctx.may(action, resource))) return refuse(doorProblems.not_allowed, `you may not ${action} ${resource.type}`)
  if (thing === undefined) return refuse(doorProblems.not_found, 'there is nothing to review under this id')
  if ((await countOpen(ctx.tx)) >= openReviewsMax) return refuse(approvalsProblems.too_many_reviews)
  const rule = await ruleFor(ctx.tx, kind)
  const authors = [...new Set([author, ...thing.makers])]
  const panels = panelsFor(thing, rule.panels)
  const days = daysFor(thing, rule.deadline_days)
  const short = await panelTooSmall(ctx, panels, authors)
  if (short !== undefined) return short
  const review: ReviewRow = {
    id: ctx.newId<'review'>(),
    kind: kind.name,
    object,
    digest: thing.digest,
    author,
    authors,
    round: 1,
    state: reviewLife.initial,
    panels,
    votes: [],
    opened_at: ctx.now,
    deadline: addSeconds(ctx.now, days * daySeconds),
    changed_at: ctx.now,
  }
  if (!(await insertReview(ctx.tx, review, remindAt(ctx.now, days)))) {
    const open = await openReviewOf(ctx.tx, kind.name, object)
    return refuse(approvalsProblems.review_open, undefined, {}, open === undefined ? {} : { review: open.id })
  }
  ctx.publish(reviewEvent('requested', review))
  return review
}

/** Each team or role once, with the higher quorum: whoever asks adds judges, and takes none away. */
export function panelsFor({ panels, besides = [] }: Reviewed, byRule: ReviewKind['panels']): readonly Panel[] {
  const merged = new Map<string, Panel>()
  for (const panel of [...(panels ?? byRule), ...besides]) {
    const name = `${panel.kind} ${panel.id}`
    merged.set(name, { ...panel, quorum: Math.max(panel.quorum, merged.get(name)?.quorum ?? 0) })
  }
  return [...merged.values()]
}

/** Whoever asks may want it sooner than the rule, and never later. */
export const daysFor = ({ deadlineDays }: Reviewed, byRule: number): number => Math.min(deadlineDays ?? byRule, byRule)

export const remindAt = (begun: Instant, days: number): Instant => addSeconds(begun, Math.max(days - remindDays, days / 2) * daySeconds)

/** A panel that can never have enough people would keep everybody waiting until the deadline. */
export async function panelTooSmall(ctx: TransactionContext, panels: readonly Panel[], authors: readonly string[]): Promise<Refusal | undefined> {
  for (const panel of panels) {
    const others = (await sittersOf(ctx, panel)).filter((id) => !authors.includes(id))
    if (others.length < panel.quorum)
      return refuse(
        approvalsProblems.panel_too_small,
        `the ${panel.kind} ${panel.id} has ${others.length} people besides the authors, and ${panel.quorum} must approve`,
      )
  }
  return undefined
}

export const requestReviewOperation = operation({
  name: 'approvals.request_review',
  summary: 'Ask for a review',
  description:
    'The panels come from the thing, from the rule of the institution or from the kind, never from whoever asks. Whoever asks or made the thing does not review it. `digest` in the answer is what the votes will be of.',
  input: z.strictObject({ kind: reviewKindSchema, object: objectSchema }),
  output: reviewSchema,
  access: { action: 'create', on: (_input, { id }) => ({ type: 'review', owner: id }) },
  audit: (_input, review) => reviewFacts(review),
  http: { method: 'POST', path: '/v1/reviews', status: 201 },
  example: { input: { kind: 'policy_publication', object: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [
    doorProblems.not_found,
    doorProblems.not_allowed,
    approvalsProblems.people_only,
    approvalsProblems.kind_missing,
    approvalsProblems.review_open,
    approvalsProblems.panel_too_small,
    approvalsProblems.too_many_reviews,
  ],
  async run(ctx, { kind, object }) {
    const review = await requestReview(ctx, kind, object)
    return review instanceof Refusal ? review : viewOf(review, ctx.principal.id, [], ctx.now)
  },
})
