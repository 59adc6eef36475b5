import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ruleSchema } from './schema.ts'
import { ruleById } from './store.ts'
import { ruleViews } from './view.ts'

export const readRule = operation({
  name: 'monitoring.read_rule',
  summary: 'Read one rule for alerts, with its measured noise',
  input: z.strictObject({ rule: idSchema('alert_rule') }),
  output: ruleSchema,
  access: { action: 'read', on: () => ({ type: 'alert_rule' }) },
  audit: { none: 'a rule is numbers and types of entries, nothing of a person' },
  http: { method: 'GET', path: '/v1/alert-rules/:rule' },
  problems: [doorProblems.not_found],
  async run({ tx, nowMs }, { rule: id }) {
    const rule = await ruleById(tx, id)
    const [view] = rule === undefined ? [] : await ruleViews(tx, [rule], nowMs)
    return view ?? refuse(doorProblems.not_found)
  },
})
