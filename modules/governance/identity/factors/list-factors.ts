import type { Id } from '@gatehouse/core/id'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { factorSchema, phoneSchema } from '../schema.ts'
import { userById } from '../store.ts'
import { factorOf } from './factor.ts'
import { phoneShown } from './phone.ts'
import { weakerWays } from './required.ts'
import { countRecoveryCodes, devicesOf, factorsOf, phoneOf } from './store.ts'

export const listFactors = operation({
  name: 'identity.factors',
  summary: 'List the own factors, telephone, remembered devices and how many recovery codes are left',
  input: z.strictObject({}),
  output: z.strictObject({
    factors: z.array(factorSchema),
    /** The telephone that codes go to, once confirmed. */
    phone: phoneSchema.nullable(),
    /** Whether one may be given: the institution takes codes by SMS, and there is nothing stronger. */
    takes_phone: z.boolean(),
    recovery_codes_left: z.int().min(0),
    devices: z.array(
      z.strictObject({ id: idSchema('device'), agent: z.string(), created_at: instantSchema, last_used_at: instantSchema, expires_at: instantSchema }),
    ),
  }),
  access: { action: 'read', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: { none: 'It tells callers only about themselves.' },
  http: { method: 'GET', path: '/v1/auth/factors' },
  example: { input: {} },
  async run(ctx) {
    const { tx, tenant, principal, node, now } = ctx
    const [user, factors, phone, left, devices] = await Promise.all([
      userById(tx, tenant, principal.id as Id<'user'>),
      factorsOf(tx, tenant, principal.id),
      phoneOf(tx, tenant, principal.id),
      countRecoveryCodes(tx, tenant, principal.id),
      devicesOf(tx, tenant, principal.id, now),
    ])
    return {
      factors: factors.map(factorOf),
      phone: phone === undefined ? null : await phoneShown(node, phone),
      takes_phone: user !== undefined && (await weakerWays(ctx, user, factors)).sms,
      recovery_codes_left: left,
      devices: devices.map(({ id, agent, created_at, last_used_at, expires_at }) => ({ id, agent, created_at, last_used_at, expires_at })),
    }
  },
})
