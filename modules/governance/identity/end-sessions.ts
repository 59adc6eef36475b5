import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { deleteDevicesOf } from './factors/store.ts'
import { deleteOtherSessions } from './sessions/store.ts'

export const endSessions = operation({
  name: 'identity.end_sessions',
  summary: 'End all own sessions but this one, and forget all devices',
  description: 'They end within a second, on every device.',
  input: z.strictObject({}),
  output: z.strictObject({ ended: z.int().min(0) }),
  access: { action: 'delete', on: (_input, principal) => ({ type: 'session', owner: principal.id }) },
  audit: (_input, { ended }) => ({ details: { ended } }),
  http: { method: 'POST', path: '/v1/auth/sessions/end' },
  example: { input: {} },
  async run({ tx, tenant, principal }) {
    await deleteDevicesOf(tx, tenant, principal.id)
    return { ended: await deleteOtherSessions(tx, tenant, principal.id, principal.session) }
  },
})
