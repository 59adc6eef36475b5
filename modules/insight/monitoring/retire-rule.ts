import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { heldRule } from './held-rule.ts'
import { problems } from './problems.ts'
import { ruleSchema } from './schema.ts'
import { forgetStates, updateRule as updateRow } from './store.ts'
import { ruleViews } from './view.ts'

export const retireRule = operation({
  name: 'monitoring.retire_rule',
  summary: 'Retire a rule for alerts',
  description: 'It raises nothing more. Its alerts stay, and so does the rule, for whoever asks later what was watched.',
  input: z.strictObject({ rule: idSchema('alert_rule'), if_revision: z.coerce.number().int().min(1).optional() }),
  output: ruleSchema,
  access: { action: 'delete', on: () => ({ type: 'alert_rule' }) },
  audit: (_input, rule) => ({ object: { kind: 'alert_rule', id: rule.id }, details: { rule_kind: rule.condition.kind } }),
  http: { method: 'DELETE', path: '/v1/alert-rules/:rule' },
  problems: [doorProblems.not_found, doorProblems.conflict, problems.rule_retired],
  async run({ tx, now, nowMs }, { rule: id, if_revision }) {
    const held = await heldRule(tx, id, if_revision)
    if ('refusal' in held) return held.refusal
    const rule = { ...held.rule, revision: held.rule.revision + 1, updated_at: now, retired_at: now }
    await updateRow(tx, rule)
    await forgetStates(tx, id)
    const [view] = await ruleViews(tx, [rule], nowMs)
    if (view === undefined) throw new TypeError('one rule has one view')
    return view
  },
})
