import { nodeTenant } from '@gatehouse/runtime/base/context'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from './problems.ts'
import { turnQueue } from './turn.ts'

export const makeBackup = operation({
  name: 'backups.make',
  kind: 'steps',
  summary: 'Make a backup now, without waiting for its hour',
  description: 'It is made in the background and restored for a trial; the list tells when it is there.',
  input: z.strictObject({}),
  output: z.strictObject({ status: z.literal('accepted') }),
  access: { action: 'create', on: () => ({ type: 'backup' }) },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/backups', status: 202 },
  example: { input: {} },
  problems: [problems.not_scheduled],
  async run({ node }) {
    if (typeof node.backups === 'string') return refuse(problems.not_scheduled)
    await node.database.transaction(nodeTenant, (tx) => node.queue.enqueue(tx, turnQueue, { now: true }))
    return { status: 'accepted' as const }
  },
})
