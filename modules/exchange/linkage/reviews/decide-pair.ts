import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { exampleProject } from '../keys/schema.ts'
import { linkageProblems } from '../problems.ts'
import { closeReview } from './close.ts'
import { comesTo } from './opinions.ts'
import { decisionInput, exampleReview, reviewIn } from './schema.ts'
import { pairLife, pairStates } from './states.ts'
import { countWaiting, findPair, lockReview, nextPair, putDecision, putVote, setPairState, votesOn } from './store.ts'

export const decidePair = operation({
  name: 'linkage.decide_pair',
  summary: 'Say whether two records are one person’s',
  description:
    'Link, no link, or unsure, with the reason. Where opinions differ, another one is asked for, and the majority decides; who is unsure is not counted. An opinion can be changed while the pair is not decided. Later runs of the project do as was decided. With the last pair the review closes.',
  input: decisionInput,
  output: z.strictObject({
    state: z.enum(pairStates),
    /** The next pair that waits for you. */
    next: z.int().nullable(),
    waiting: z.int(),
  }),
  access: { action: 'update', on: reviewIn },
  audit: ({ project, review, pair, choice, reason }, { state }) => ({
    object: { kind: 'project', id: project },
    details: { review, pair, choice, reason, state },
  }),
  http: { method: 'POST', path: '/v1/projects/:project/link-reviews/:review/pairs/:pair/decision' },
  example: { input: { project: exampleProject, review: exampleReview, pair: 1, choice: 'no_link', reason: 'twins' } },
  problems: [doorProblems.not_found, linkageProblems.review_closed, linkageProblems.pair_decided],
  async run(ctx, { project, review: id, pair: number, choice, reason }) {
    const review = await lockReview(ctx.tx, project, id)
    const pair = review && (await findPair(ctx.tx, project, id, number))
    if (review === undefined || pair === undefined) return refuse(doorProblems.not_found)
    if (review.state === 'closed') return refuse(linkageProblems.review_closed)
    if (pair.state !== 'open' && pair.state !== 'disputed') return refuse(linkageProblems.pair_decided)
    const reviewer = ctx.principal.id
    await putVote(ctx.tx, project, id, number, { reviewer, choice, reason }, ctx.now)
    const votes = await votesOn(ctx.tx, project, id, number)
    const event = comesTo(
      votes.map((vote) => vote.choice),
      review.opinions,
    )
    // Whoever takes back the opinion that differed leaves the pair disputed: somebody has seen it otherwise.
    const state = event === undefined ? pair.state : (pairLife.next(pair.state, event) ?? pair.state)
    if (state !== pair.state) await setPairState(ctx.tx, project, id, number, state, state === 'disputed' ? null : ctx.now)
    if (state === 'link' || state === 'no_link') {
      const [one_row, other_row] = [pair.left_row, pair.right_row].sort() as [string, string]
      await putDecision(ctx.tx, project, { one_row, other_row, linked: state === 'link' }, id, ctx.now)
    }
    const waiting = await countWaiting(ctx.tx, project, id)
    if (waiting === 0) await closeReview(ctx, project, review)
    return { state, next: waiting === 0 ? null : await nextPair(ctx.tx, project, id, reviewer, number), waiting }
  },
})
