import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { settingsSchema } from './schema.ts'
import { changeRecipients, holdWatch } from './store.ts'

export const updateSettings = operation({
  name: 'monitoring.update_settings',
  summary: 'Choose where letters about alerts go',
  description: 'Working days, hours and the time zone are settings of the institution itself.',
  input: z.strictObject({ mail_to: settingsSchema.shape.mail_to, if_revision: z.int().min(1).optional() }),
  output: settingsSchema,
  access: { action: 'update', on: () => ({ type: 'alert_rule' }) },
  audit: (_input, settings) => ({ details: { recipients: settings.mail_to.length, revision: settings.revision } }),
  http: { method: 'PATCH', path: '/v1/alert-settings' },
  example: { input: { mail_to: ['privacy@example.org'] } },
  problems: [doorProblems.conflict],
  async run({ tx, node }, { mail_to, if_revision }) {
    const watch = await holdWatch(tx)
    if (watch === undefined)
      return refuse(doorProblems.conflict, 'the institution is not watched yet: the node’s worker takes it up within a second of its start')
    if (if_revision !== undefined && if_revision !== watch.revision) {
      return refuse(doorProblems.conflict, `the settings are at revision ${watch.revision}, and the change is for ${if_revision}`)
    }
    const revision = watch.revision + 1
    const unique = [...new Set(mail_to)]
    await changeRecipients(tx, unique, revision)
    return { mail_to: unique, mail_on: node.mail.on, revision }
  },
})
