import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { ruleSchema } from './schema.ts'
import { listRules as listRows } from './store.ts'
import { ruleViews } from './view.ts'

export const listRules = operation({
  name: 'monitoring.list_rules',
  summary: 'List the rules for alerts, each with its measured noise',
  input: z.strictObject({
    ...pageQuery,
    cursor: idSchema('alert_rule').optional(),
    retired: z.enum(['true', 'false']).default('false').describe('`true` shows retired rules too'),
  }),
  output: pageSchema(ruleSchema),
  access: { action: 'read', on: () => ({ type: 'alert_rule' }) },
  audit: { none: 'rules are numbers and types of entries, nothing of a person' },
  http: { method: 'GET', path: '/v1/alert-rules' },
  example: { input: {} },
  async run({ tx, nowMs }, { cursor, limit, retired }) {
    const rows = await listRows(tx, { retired: retired === 'true', after: cursor }, limit + 1)
    const page = rows.slice(0, limit)
    return { data: await ruleViews(tx, page, nowMs), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
