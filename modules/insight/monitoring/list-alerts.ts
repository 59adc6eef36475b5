import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { conditionKinds } from './condition.ts'
import { alertSchema, alertStates, channelSchema } from './schema.ts'
import { listAlerts as listRows } from './store.ts'
import { alertView } from './view.ts'

export const listAlerts = operation({
  name: 'monitoring.list_alerts',
  summary: 'List alerts, newest first',
  description: 'Those of demoted rules are left out, unless you ask for them by channel or with `demoted`.',
  input: z.strictObject({
    ...pageQuery,
    cursor: idSchema('alert').optional(),
    state: z.enum(alertStates).optional(),
    channel: channelSchema.optional(),
    rule: idSchema('alert_rule').optional(),
    kind: z.enum(conditionKinds as [string, ...string[]]).optional(),
    about: z.string().max(200).optional().describe('The id of the partner, user or source it is about'),
    since: instantSchema.optional(),
    until: instantSchema.optional().describe('Excluded.'),
    demoted: z.enum(['true', 'false']).default('false'),
  }),
  output: pageSchema(alertSchema),
  access: { action: 'read', on: () => ({ type: 'alert' }) },
  audit: { none: 'alerts hold opaque ids and counts, and the notes of those who looked at them' },
  http: { method: 'GET', path: '/v1/alerts' },
  example: { input: { state: 'raised', channel: 'page_now' } },
  async run({ tx }, { cursor, limit, demoted, ...filter }) {
    const rows = await listRows(tx, { ...filter, demoted: demoted === 'true' }, cursor, limit + 1)
    const page = rows.slice(0, limit)
    return { data: page.map(alertView), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
  },
})
