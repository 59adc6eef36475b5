import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { settingsSchema } from './schema.ts'
import { readWatch } from './store.ts'

export const readSettings = operation({
  name: 'monitoring.read_settings',
  summary: 'Where letters about alerts go',
  input: z.strictObject({}),
  output: settingsSchema,
  access: { action: 'read', on: () => ({ type: 'alert_rule' }) },
  audit: { none: 'addresses of people at work, shown to those who keep or audit them' },
  http: { method: 'GET', path: '/v1/alert-settings' },
  example: { input: {} },
  async run({ tx, node }) {
    const watch = await readWatch(tx)
    return { mail_to: [...(watch?.mail_to ?? [])], mail_on: node.mail.on, revision: watch?.revision ?? 0 }
  },
})
