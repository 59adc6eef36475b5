import type { ShownValue } from '@gatehouse/linkage/explain/waterfall'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { exampleProject } from '../keys/schema.ts'
import { linkageProblems } from '../problems.ts'
import { exampleReview, inPair, type OpenedPair, openedPairSchema, reviewIn } from './schema.ts'
import { openPair, reviewKey } from './seal.ts'
import { findPair, lockReview, votesOn } from './store.ts'

export const readPair = operation({
  name: 'linkage.read_pair',
  summary: 'Look at two records that may be one person’s',
  description:
    'What was compared of both, in clear, with what each agreement weighs. Each look is in the ledger. Once the review is closed nothing of the records is left to look at.',
  input: inPair,
  output: openedPairSchema,
  access: { action: 'read', on: reviewIn },
  audit: ({ project, review, pair }) => ({ object: { kind: 'project', id: project }, details: { review, pair } }),
  http: { method: 'GET', path: '/v1/projects/:project/link-reviews/:review/pairs/:pair' },
  example: { input: { project: exampleProject, review: exampleReview, pair: 1 } },
  problems: [doorProblems.not_found, linkageProblems.review_closed],
  async run(ctx, { project, review: id, pair: number }) {
    const review = await lockReview(ctx.tx, project, id)
    const pair = review && (await findPair(ctx.tx, project, id, number))
    if (review === undefined || pair === undefined) return refuse(doorProblems.not_found)
    if (review.salt === null || pair.sealed === null) return refuse(linkageProblems.review_closed)
    const seen = openPair(ctx.node, await reviewKey(ctx.node, ctx.tenant, id, review.salt), ctx.tenant, id, number, pair.sealed)
    const votes = await votesOn(ctx.tx, project, id, number)
    const decided = pair.state === 'link' || pair.state === 'no_link'
    return {
      number,
      probability: pair.probability,
      state: pair.state,
      mine: votes.find(({ reviewer }) => reviewer === ctx.principal.id)?.choice ?? null,
      left_source: seen.leftSource,
      right_source: seen.rightSource,
      prior: seen.fall.prior,
      total: seen.fall.total,
      sentence: seen.fall.sentence,
      comparisons: seen.fall.steps.map(({ comparison, columns, level, bits, sentence, left, right }): OpenedPair['comparisons'][number] => ({
        comparison,
        columns: [...columns],
        level,
        bits,
        says: bits > 0 ? 'for' : bits < 0 ? 'against' : 'nothing',
        sentence,
        left: left.map(told),
        right: right.map(told),
      })),
      // An opinion is worth more when it was formed without the other's.
      votes: decided ? votes.map(({ choice, reason }) => ({ choice, reason })) : [],
    }
  },
})

const told = (shown: ShownValue) => (shown.hidden ? null : shown.value)
