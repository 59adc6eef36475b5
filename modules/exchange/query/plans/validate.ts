import { jsonValue } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { openProject } from '../../../governance/projects/index.ts'
import { isOffered } from '../offered.ts'
import { problems } from '../problems.ts'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'
import { approvalReasonsOf } from './approval.ts'
import { checkedPlanOf } from './checked.ts'
import { checkedPlan, examplePlan } from './schema.ts'
import { pictureView } from './view.ts'

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
  problems: [problems.project_closed],
  async run(ctx, { project, document }) {
    const open = await openProject(ctx.tx, project, ctx.now)
    if (open === undefined) return refuse(problems.project_closed)
    const checked = await checkedPlanOf(ctx.node, ctx.tx, open, document)
    const picture = checked.plan === undefined ? null : pictureView(checked.plan)
    if (!checked.ok) return { valid: false, errors: [...checked.errors], hash: null, picture, raised: [], approval_reasons: [] }
    return {
      valid: true,
      errors: [],
      hash: checked.hash,
      picture,
      raised: [...checked.raised],
      approval_reasons: approvalReasonsOf(checked.plan, await isOffered(ctx, ctx.tx, open.project, checked)),
    }
  },
})
