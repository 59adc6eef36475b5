import { instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { deadLetters } from './letters/store.ts'
import { alertSchema, type channels } from './schema.ts'
import { countOpen, listAlerts } from './store.ts'
import { alertView } from './view.ts'

const newestMax = 5

const openSchema = z.strictObject({
  raised: z.int().describe('Nobody has looked at them'),
  acknowledged: z.int().describe('Looked at and not closed'),
  oldest_raised_at: instantSchema.nullable(),
})

export const summary = operation({
  name: 'monitoring.summary',
  summary: 'How many alerts are open, by channel, and the newest that page',
  input: z.strictObject({}),
  output: z.strictObject({
    page_now: openSchema,
    next_working_day: openSchema,
    on_trial: openSchema,
    demoted: openSchema,
    newest: z.array(alertSchema).describe(`At most ${newestMax} of the channel page_now that nobody has looked at`),
    mail_on: z.boolean(),
    dead_letters: z.int().describe('Letters of the last month that could not be sent'),
  }),
  access: { action: 'read', on: () => ({ type: 'alert' }) },
  audit: { none: 'counts of alerts, and alerts hold opaque ids and counts' },
  http: { method: 'GET', path: '/v1/alerts/summary' },
  example: { input: {} },
  async run({ tx, node }) {
    const [rows, newest, dead_letters] = await Promise.all([
      countOpen(tx),
      listAlerts(tx, { channel: 'page_now', state: 'raised', demoted: false }, undefined, newestMax),
      deadLetters(tx),
    ])
    const of = (channel: (typeof channels)[number]) => {
      const find = (state: string) => rows.find((row) => row.channel === channel && row.state === state)
      return { raised: find('raised')?.count ?? 0, acknowledged: find('acknowledged')?.count ?? 0, oldest_raised_at: find('raised')?.oldest ?? null }
    }
    return {
      page_now: of('page_now'),
      next_working_day: of('next_working_day'),
      on_trial: of('on_trial'),
      demoted: of('demoted'),
      newest: newest.map(alertView),
      mail_on: node.mail.on,
      dead_letters,
    }
  },
})
