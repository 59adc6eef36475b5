import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ruleSchema, ruleTypeSchema } from './schema.ts'
import { deleteRule } from './store.ts'

export const removeRule = operation({
  name: 'retention.remove_rule',
  summary: 'Keep records of a type without an end',
  description:
    'Where the institution has a default (`*`), that counts from here on. Otherwise whoever has a record of the type is left alone from here on. What was hidden or proposed stays so.',
  input: z.strictObject({ record_type: ruleTypeSchema }),
  output: ruleSchema,
  access: { action: 'update', on: () => ({ type: 'retention_rule' }) },
  audit: (_input, { id, record_type }) => ({ object: { kind: 'retention_rule', id }, details: { record_type } }),
  http: { method: 'DELETE', path: '/v1/retention/rules/:record_type' },
  example: { input: { record_type: 'customer' } },
  problems: [doorProblems.not_found],
  async run(ctx, { record_type }) {
    const rule = await deleteRule(ctx.tx, record_type)
    if (rule === undefined) return refuse(doorProblems.not_found)
    ctx.publish({ type: 'retention.rule_removed', subject: rule.id, data: { rule: rule.id, record_type } })
    return rule
  },
})
