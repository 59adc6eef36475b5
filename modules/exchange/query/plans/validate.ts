import { jsonValue } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'
import { approvalReasonsOf } from './approval.ts'
import { checkedPlanOf } from './checked.ts'
import { checkedPlan, examplePlan } from './schema.ts'

export const validatePlan = operation({
  name: 'query.validate_plan',
  summary: 'Check a query plan without keeping it',
  description: 'Every fault at once, each with a JSON pointer; and the plan as a picture, for as far as it can be read.',
  input: inputOfProject.extend({ document: z.record(z.string(), jsonValue) }),
  output: checkedPlan,
  access: { action: 'read', on: inProject('query_plan') },
  audit: { none: 'nothing is kept and nothing is read of any person' },
  http: { method: 'POST', path: '/v1/projects/:project/query-plans/validate' },
  example: { input: { project: exampleProject, document: JSON.parse(JSON.stringify(examplePlan)) } },
  async run(ctx, { document }) {
    const checked = checkedPlanOf(ctx.node, document)
    if (!checked.ok) return { valid: false, errors: [...checked.errors], hash: null, picture: null, approval_reasons: [] }
    return { valid: true, errors: [], hash: checked.hash, picture: null, approval_reasons: approvalReasonsOf(checked.plan) }
  },
})
