import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { alertSchema } from './schema.ts'
import { alertById } from './store.ts'
import { alertView } from './view.ts'

export const readAlert = operation({
  name: 'monitoring.read_alert',
  summary: 'Read one alert',
  input: z.strictObject({ alert: idSchema('alert') }),
  output: alertSchema,
  access: { action: 'read', on: () => ({ type: 'alert' }) },
  audit: { none: 'an alert holds opaque ids and counts, and the note of whoever looked at it' },
  http: { method: 'GET', path: '/v1/alerts/:alert' },
  problems: [doorProblems.not_found],
  async run({ tx }, { alert: id }) {
    const alert = await alertById(tx, id)
    return alert === undefined ? refuse(doorProblems.not_found) : alertView(alert)
  },
})
