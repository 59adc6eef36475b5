import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { backupSchema, standingSchema } from './schema.ts'
import { backupStanding } from './standing.ts'

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
    const told = await backupStanding(node, now)
    const { backups } = node
    if (typeof backups === 'string') return { ...told, schedule: null }
    const { everyHours, keep } = backups.schedule
    return { ...told, schedule: { every_hours: everyHours, keep } }
  },
})
