import { idSchema, pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { projectById } from '../../../governance/projects/index.ts'
import { exampleProject } from '../keys/schema.ts'
import { exampleReview, pairSchema, pairsQuery, reviewIn, reviewSchema } from './schema.ts'
import { countedReview, everyReview, listPairRows, listReviewRows } from './store.ts'

const reviewsShown = 200

export const listReviews = operation({
  name: 'linkage.list_reviews',
  summary: 'List the reviews of doubtful links of a project',
  description: 'Open ones first, then the newest: how many pairs each has, and how many are decided.',
  input: z.strictObject({ project: idSchema('project') }),
  output: z.strictObject({ data: z.array(reviewSchema) }),
  access: { action: 'read', on: reviewIn },
  audit: { none: 'it tells how many pairs wait, and nothing of a person' },
  http: { method: 'GET', path: '/v1/projects/:project/link-reviews' },
  example: { input: { project: exampleProject } },
  async run({ tx }, { project }) {
    return { data: await listReviewRows(tx, project, reviewsShown) }
  },
})

export const listEveryReview = operation({
  name: 'linkage.every_review',
  summary: 'List the reviews of doubtful links of all projects',
  description: 'For whoever decides them anywhere: open ones first, then the newest.',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(reviewSchema.extend({ project: idSchema('project'), project_title: z.string() })) }),
  access: { action: 'read', on: () => ({ type: 'link_review' }) },
  audit: { none: 'it tells how many pairs wait, and nothing of a person' },
  http: { method: 'GET', path: '/v1/link-reviews' },
  example: { input: {} },
  async run({ tx }) {
    const rows = await everyReview(tx, reviewsShown)
    const titles = new Map<string, string>()
    for (const { project } of rows) if (!titles.has(project)) titles.set(project, (await projectById(tx, project))?.title ?? '')
    return { data: rows.map((row) => ({ ...row, project_title: titles.get(row.project) ?? '' })) }
  },
})

export const listPairs = operation({
  name: 'linkage.list_pairs',
  summary: 'List the pairs of a review',
  description: 'Their probability and what was decided, without anything of the records.',
  input: pairsQuery,
  output: pageSchema(pairSchema),
  access: { action: 'read', on: reviewIn },
  audit: { none: 'it tells probabilities and decisions by number, and nothing of a person' },
  http: { method: 'GET', path: '/v1/projects/:project/link-reviews/:review/pairs' },
  example: { input: { project: exampleProject, review: exampleReview } },
  problems: [doorProblems.not_found],
  async run({ tx, principal }, { project, review, cursor, limit, state }) {
    if ((await countedReview(tx, project, review)) === undefined) return refuse(doorProblems.not_found)
    const rows = await listPairRows(tx, project, review, { reviewer: principal.id, state, after: cursor, limit: limit + 1 })
    const data = rows.slice(0, limit)
    return { data, next: rows.length > limit ? String(data.at(-1)?.number) : null }
  },
})
