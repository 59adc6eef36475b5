import { canonicalJson } from '@gatehouse/core/canonical-json'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { conditionSchema } from './condition.ts'
import { heldRule } from './held-rule.ts'
import { problems } from './problems.ts'
import { channelSchema, coolDownSchema, ruleDescriptionSchema, ruleNameSchema, ruleSchema } from './schema.ts'
import { forgetStates, updateRule as updateRow } from './store.ts'
import { ruleViews } from './view.ts'

const changes = {
  name: ruleNameSchema.optional(),
  description: ruleDescriptionSchema.optional(),
  condition: conditionSchema.optional(),
  channel: channelSchema.optional(),
  cool_down_seconds: coolDownSchema.optional(),
}

export const updateRule = operation({
  name: 'monitoring.update_rule',
  summary: 'Change a rule for alerts, or its channel',
  description: 'With another condition the rule begins to count anew. With `if_revision` the change happens only if nobody changed the rule since you read it.',
  input: z
    .strictObject({ rule: idSchema('alert_rule'), ...changes, if_revision: z.int().min(1).optional() })
    .refine((input) => Object.keys(changes).some((name) => input[name as keyof typeof changes] !== undefined), 'send something to change'),
  output: ruleSchema,
  access: { action: 'update', on: () => ({ type: 'alert_rule' }) },
  audit: (input, rule) => ({
    object: { kind: 'alert_rule', id: rule.id },
    details: {
      rule_kind: rule.condition.kind,
      channel: rule.channel,
      revision: rule.revision,
      changed: Object.keys(changes).filter((name) => input[name as keyof typeof changes] !== undefined),
    },
  }),
  http: { method: 'PATCH', path: '/v1/alert-rules/:rule' },
  example: { input: { rule: '0198c1de-7b3a-7c4d-8e5f-000000000001', channel: 'page_now', if_revision: 1 } },
  problems: [doorProblems.not_found, doorProblems.conflict, problems.rule_retired],
  async run({ tx, now, nowMs }, { rule: id, if_revision, ...input }) {
    const held = await heldRule(tx, id, if_revision)
    if ('refusal' in held) return held.refusal
    const before = held.rule
    const condition = input.condition ?? before.condition
    const anew = canonicalJson(condition) !== canonicalJson(before.condition)
    const rule = {
      ...before,
      name: input.name ?? before.name,
      description: input.description ?? before.description,
      condition,
      condition_version: before.condition_version + (anew ? 1 : 0),
      channel: input.channel ?? before.channel,
      cool_down_seconds: input.cool_down_seconds ?? before.cool_down_seconds,
      revision: before.revision + 1,
      updated_at: now,
    }
    await updateRow(tx, rule)
    if (anew) await forgetStates(tx, id)
    const [view] = await ruleViews(tx, [rule], nowMs)
    if (view === undefined) throw new TypeError('one rule has one view')
    return view
  },
})
