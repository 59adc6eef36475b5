import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { deleteDevice } from './store.ts'

export const forgetDevice = operation({
  name: 'identity.forget_device',
  summary: 'Ask for a factor again on a remembered device',
  input: z.strictObject({ device: idSchema('device') }),
  output: z.strictObject({ device: idSchema('device') }),
  access: { action: 'delete', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: ({ device }) => ({ object: { kind: 'device', id: device } }),
  http: { method: 'DELETE', path: '/v1/auth/devices/:device' },
  example: { input: { device: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, tenant, principal }, { device }) {
    if (!(await deleteDevice(tx, tenant, principal.id, device))) throw new Problem(doorProblems.not_found)
    return { device }
  },
})
