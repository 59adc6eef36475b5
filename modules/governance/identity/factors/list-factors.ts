import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { factorSchema } from '../schema.ts'
import { factorOf } from './factor.ts'
import { countRecoveryCodes, devicesOf, factorsOf } from './store.ts'

export const listFactors = operation({
  name: 'identity.factors',
  summary: 'List the own factors, remembered devices and how many recovery codes are left',
  input: z.strictObject({}),
  output: z.strictObject({
    factors: z.array(factorSchema),
    recovery_codes_left: z.int().min(0),
    devices: z.array(
      z.strictObject({ id: idSchema('device'), agent: z.string(), created_at: instantSchema, last_used_at: instantSchema, expires_at: instantSchema }),
    ),
  }),
  access: { action: 'read', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: { none: 'It tells callers only about themselves.' },
  http: { method: 'GET', path: '/v1/auth/factors' },
  example: { input: {} },
  async run({ tx, tenant, principal, now }) {
    const [factors, left, devices] = await Promise.all([
      factorsOf(tx, tenant, principal.id),
      countRecoveryCodes(tx, tenant, principal.id),
      devicesOf(tx, tenant, principal.id, now),
    ])
    return {
      factors: factors.map(factorOf),
      recovery_codes_left: left,
      devices: devices.map(({ id, agent, created_at, last_used_at, expires_at }) => ({ id, agent, created_at, last_used_at, expires_at })),
    }
  },
})
