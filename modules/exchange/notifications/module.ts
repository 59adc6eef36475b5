import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { digestLoop } from './digest.ts'
import { notificationsEraser } from './erase.ts'
import { listNotifications, markNotifications } from './inbox.ts'
import { notify } from './notify.ts'
import { readPreferences, setLanguage, setPreference } from './preferences.ts'
import { problems } from './problems.ts'
import { mailOptions, mailQueue } from './schema.ts'
import { sendNotification } from './send.ts'

export const notificationsModule = defineModule({
  name: 'notifications',
  operations: [listNotifications, markNotifications, readPreferences, setPreference, setLanguage, sendNotification],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [notificationsEraser],
  jobs: [{ queue: mailQueue, operation: sendNotification, options: mailOptions }],
  subscriptions: [notify],
  loops: [digestLoop],
})
