import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { conditionSchema } from './condition.ts'
import { problems } from './problems.ts'
import { channelSchema, coolDownSchema, ruleDescriptionSchema, ruleNameSchema, ruleSchema, rulesMax } from './schema.ts'
import { insertRule, ruleById } from './store.ts'
import { ruleViews } from './view.ts'

export const createRule = operation({
  name: 'monitoring.create_rule',
  summary: 'Create a rule for alerts',
  description: 'It looks at what happens from now on; replay it over the past first. Without a channel it begins on trial.',
  input: z.strictObject({
    name: ruleNameSchema,
    description: ruleDescriptionSchema.default(''),
    condition: conditionSchema,
    channel: channelSchema.default('on_trial'),
    cool_down_seconds: coolDownSchema.default(3_600),
  }),
  output: ruleSchema,
  access: { action: 'create', on: () => ({ type: 'alert_rule' }) },
  audit: (_input, rule) => ({ object: { kind: 'alert_rule', id: rule.id }, details: { rule_kind: rule.condition.kind, channel: rule.channel } }),
  http: { method: 'POST', path: '/v1/alert-rules', status: 201 },
  example: {
    input: {
      name: 'A partner is refused again and again',
      condition: { kind: 'rate', types: ['release.authorize'], decision: 'deny', per: 'partner', threshold: 50, window_seconds: 900 },
      channel: 'on_trial',
    },
  },
  problems: [problems.too_many_rules],
  async run({ tx, newId, now, nowMs }, input) {
    const id = newId<'alert_rule'>()
    if (!(await insertRule(tx, { ...input, id, origin: null, created_at: now }, rulesMax))) return refuse(problems.too_many_rules)
    const made = await ruleById(tx, id)
    const [view] = made === undefined ? [] : await ruleViews(tx, [made], nowMs)
    if (view === undefined) throw new TypeError('a rule that was just written is there')
    return view
  },
})
