import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { inProject, limits } from '../schema.ts'
import { exampleResult } from './read.ts'
import { resultInput, rowsPage } from './schema.ts'
import { namesOf, openResult, rowsBetween } from './table.ts'
import { resultFacts } from './view.ts'
import { readableResult } from './visible.ts'

export const readRows = operation({
  name: 'query.read_rows',
  kind: 'steps',
  summary: 'Read the rows of a result, page by page',
  description: 'Of a released result, for the members of its project; of one that is held, for those who judge it.',
  input: resultInput.extend({
    cursor: z
      .string()
      .regex(/^\d{1,15}$/)
      .optional(),
    limit: z.coerce.number().int().min(1).max(limits.rowsPageMax).default(100),
  }),
  output: rowsPage,
  access: { action: 'read', on: inProject('query_result') },
  audit: ({ result, cursor, limit }) => ({ object: { kind: 'query_result', id: result }, details: { from: Number(cursor ?? 0), limit } }),
  http: { method: 'GET', path: '/v1/projects/:project/results/:result/rows' },
  example: { input: exampleResult },
  problems: [doorProblems.not_found, problems.result_held, problems.result_ended],
  async run(ctx, { project, result: id, cursor, limit }) {
    const found = await ctx.step((tx) => readableResult(ctx, tx, project, id))
    if (found instanceof Refusal) return found
    const open = await openResult(ctx.node, ctx.tenant, found.result)
    if (open === undefined) return refuse(problems.result_ended, undefined, resultFacts(found.result))
    const from = Number(cursor ?? 0)
    const to = Math.min(from + limit, open.manifest.rows)
    const columns = namesOf(open)
    return {
      columns,
      data: await rowsBetween(ctx.node, open, columns, from, to),
      next: to < open.manifest.rows ? String(to) : null,
      rows: open.manifest.rows,
    }
  },
})
