import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from './problems.ts'
import { alertLife, alertSchema } from './schema.ts'
import { alertById, markClosed } from './store.ts'
import { alertView } from './view.ts'

export const closeAlert = operation({
  name: 'monitoring.close',
  summary: 'Close an acknowledged alert: nothing is left to do',
  input: z.strictObject({ alert: idSchema('alert') }),
  output: alertSchema,
  access: { action: 'update', on: () => ({ type: 'alert' }) },
  audit: (_input, alert) => ({ object: { kind: 'alert', id: alert.id }, details: { rule: alert.rule } }),
  http: { method: 'POST', path: '/v1/alerts/:alert/close' },
  problems: [doorProblems.not_found, problems.not_acknowledged, problems.already_closed],
  async run({ tx, principal, now }, { alert: id }) {
    const alert = await alertById(tx, id, { lock: true })
    if (alert === undefined) return refuse(doorProblems.not_found)
    const state = alertLife.next(alert.state, 'close')
    if (state === undefined) {
      return refuse(alert.state === 'closed' ? problems.already_closed : problems.not_acknowledged, undefined, { object: { kind: 'alert', id } })
    }
    await markClosed(tx, id, principal.id, now)
    return alertView({ ...alert, state, closed_at: now, closed_by: principal.id })
  },
})
