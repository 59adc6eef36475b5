import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { replaySchema } from '../schema.ts'
import { replayById } from './store.ts'
import { replayView } from './view.ts'

export const readReplay = operation({
  name: 'monitoring.read_replay',
  summary: 'How far a replay is, and what it found',
  input: z.strictObject({ replay: idSchema('replay') }),
  output: replaySchema,
  access: { action: 'read', on: () => ({ type: 'alert_rule' }) },
  audit: { none: 'counts and opaque ids of what a rule would have said' },
  http: { method: 'GET', path: '/v1/alert-replays/:replay' },
  problems: [doorProblems.not_found],
  async run({ tx }, { replay: id }) {
    const row = await replayById(tx, id)
    return row === undefined ? refuse(doorProblems.not_found) : replayView(row)
  },
})
