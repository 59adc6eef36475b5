import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { usualClock } from './clock.ts'
import { clockSchema } from './schema.ts'
import { readClock, writeClock } from './store.ts'

export const readSettings = operation({
  name: 'requests.read_settings',
  summary: 'Read in how many months people are answered',
  input: z.strictObject({}),
  output: clockSchema,
  access: { action: 'read', on: () => ({ type: 'rights_request' }) },
  audit: { none: 'two numbers of the institution' },
  http: { method: 'GET', path: '/v1/request-settings' },
  example: { input: {} },
  run: async ({ tx }) => (await readClock(tx)) ?? usualClock,
})

export const updateSettings = operation({
  name: 'requests.update_settings',
  summary: 'Set in how many months people are answered',
  description:
    'For requests that come in from now on: the time of those that are there was promised. GDPR article 12(3) wants one month, and at most two more.',
  input: clockSchema,
  output: clockSchema,
  access: { action: 'update', on: () => ({ type: 'rights_request' }) },
  audit: (clock) => ({ details: clock }),
  stepUp: true,
  http: { method: 'PUT', path: '/v1/request-settings' },
  example: { input: { answer_months: 1, extension_months: 2 } },
  async run({ tx }, clock) {
    await writeClock(tx, clock)
    return clock
  },
})
