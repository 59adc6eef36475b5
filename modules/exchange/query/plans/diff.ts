import { diffPlans } from '@gatehouse/query/plan/diff'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { inProject } from '../schema.ts'
import { exampleOfPlan, planDiff, planInput } from './schema.ts'
import { findPlan, findVersion } from './store.ts'
import { changesView } from './view.ts'

const number = z.coerce.number().int().min(1)

export const comparePlans = operation({
  name: 'query.diff_versions',
  summary: 'What is otherwise in another version of a plan',
  input: planInput.extend({ from: number, to: number }),
  output: planDiff,
  access: { action: 'read', on: inProject('query_plan') },
  audit: { none: 'a plan names tables and columns and no person' },
  http: { method: 'GET', path: '/v1/projects/:project/query-plans/:plan/diff' },
  example: { input: { ...exampleOfPlan, from: 1, to: 2 } },
  problems: [doorProblems.not_found],
  async run({ tx }, { project, plan, from, to }) {
    const there = await findPlan(tx, project, plan)
    const [before, after] = there === undefined ? [] : [await findVersion(tx, plan, from), await findVersion(tx, plan, to)]
    if (before === undefined || after === undefined) return refuse(doorProblems.not_found)
    return { from, to, changes: changesView(diffPlans(before.document, after.document)) }
  },
})
