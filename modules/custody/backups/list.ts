import { nodeTenant } from '@gatehouse/runtime/base/context'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { judge } from './judge.ts'
import { backupSchema, listMax, standingSchema } from './schema.ts'
import { listBackups as rows } from './store.ts'

export const listBackups = operation({
  name: 'backups.list',
  kind: 'steps',
  summary: 'List the backups of the node, newest first, and tell how it stands with them',
  input: z.strictObject({}),
  output: z.strictObject({
    standing: standingSchema,
    schedule: z.strictObject({ every_hours: z.number().int(), keep: z.number().int() }).nullable(),
    data: z.array(backupSchema),
  }),
  access: { action: 'read', on: () => ({ type: 'backup' }) },
  audit: { none: 'tells when backups were made and how large they are' },
  http: { method: 'GET', path: '/v1/backups' },
  example: { input: {} },
  async run({ node, now }) {
    const data = await node.database.transaction(nodeTenant, (tx) => rows(tx, listMax))
    const { backups } = node
    if (backups === 'external' || backups === 'off') return { standing: backups, schedule: null, data }
    const { everyHours, keep } = backups.schedule
    return { standing: judge(data, everyHours, now), schedule: { every_hours: everyHours, keep }, data }
  },
})
