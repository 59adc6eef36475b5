import { instantMs } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from './problems.ts'
import { alertLife, alertSchema, noteSchema, verdictSchema } from './schema.ts'
import { alertById, markAcknowledged } from './store.ts'
import { alertView } from './view.ts'

export const acknowledge = operation({
  name: 'monitoring.acknowledge',
  summary: 'Acknowledge an alert: you have looked at it',
  description: 'Say whether it was useful or noise; that is how rules are measured. The first who acknowledges stands in the alert.',
  input: z.strictObject({ alert: idSchema('alert'), verdict: verdictSchema, note: noteSchema.optional() }),
  output: alertSchema,
  access: { action: 'update', on: () => ({ type: 'alert' }) },
  audit: ({ verdict, note }, alert) => ({
    object: { kind: 'alert', id: alert.id },
    details: { rule: alert.rule, verdict, noted: note !== undefined, seconds: Math.round(secondsBetween(alert.raised_at, alert.acknowledged_at)) },
  }),
  http: { method: 'POST', path: '/v1/alerts/:alert/acknowledge' },
  example: { input: { alert: '0198c1de-7b3a-7c4d-8e5f-000000000001', verdict: 'useful', note: 'Asked the partner; its program repeats after a time-out.' } },
  problems: [doorProblems.not_found, problems.already_acknowledged],
  async run({ tx, principal, now }, { alert: id, verdict, note }) {
    const alert = await alertById(tx, id, { lock: true })
    if (alert === undefined) return refuse(doorProblems.not_found)
    const state = alertLife.next(alert.state, 'acknowledge')
    if (state === undefined) {
      const said = { acknowledged_at: alert.acknowledged_at, acknowledged_by: alert.acknowledged_by }
      return refuse(problems.already_acknowledged, undefined, { object: { kind: 'alert', id } }, said)
    }
    await markAcknowledged(tx, id, principal.id, verdict, note ?? null, now)
    return alertView({ ...alert, state, acknowledged_at: now, acknowledged_by: principal.id, verdict, note: note ?? null })
  },
})

function secondsBetween(from: Parameters<typeof instantMs>[0], to: Parameters<typeof instantMs>[0] | null): number {
  return to === null ? 0 : (instantMs(to) - instantMs(from)) / 1_000
}
