import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { recordTypes } from '../../vault/index.ts'
import { retentionProblems } from '../problems.ts'
import { everyType, ruleSchema, ruleTermsSchema, ruleTypeSchema } from './schema.ts'
import { putRule } from './store.ts'

export const setRule = operation({
  name: 'retention.set_rule',
  summary: 'Say how long records of a type are kept',
  description:
    'Once the time of every type of record that a person has is over, the nightly sweep hides the person, or proposes the erasure, which two people approve. ' +
    'Ask for a preview first. `*` is the default of the institution: it counts for every type without a rule of its own. Replaces the rule of the type where there is one.',
  input: ruleTermsSchema.extend({ record_type: ruleTypeSchema }),
  output: ruleSchema,
  access: { action: 'update', on: () => ({ type: 'retention_rule' }) },
  audit: (_input, { id, record_type, months, counts_from, action }) => ({
    object: { kind: 'retention_rule', id },
    details: { record_type, months, counts_from, action },
  }),
  http: { method: 'PUT', path: '/v1/retention/rules/:record_type' },
  example: { input: { record_type: 'customer', months: 120, counts_from: 'last_record', action: 'erase' } },
  problems: [retentionProblems.record_type_unknown],
  async run(ctx, input) {
    if (input.record_type !== everyType && !(await recordTypes(ctx.tx)).some(({ slug }) => slug === input.record_type))
      return refuse(retentionProblems.record_type_unknown)
    const rule = await putRule(ctx.tx, { ...input, id: ctx.newId<'retention_rule'>(), set_by: ctx.principal.id, set_at: ctx.now })
    ctx.publish({ type: 'retention.rule_set', subject: rule.id, data: { rule: rule.id, record_type: rule.record_type } })
    return rule
  },
})
