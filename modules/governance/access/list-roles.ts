import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { roleNames, roles } from './roles.ts'

export const listRoles = operation({
  name: 'access.roles',
  summary: 'List the roles and their rights',
  description: 'The table that every request is judged by. `own` limits a right to what belongs to the partner or user who asks.',
  input: z.strictObject({}),
  output: z.strictObject({
    roles: z.array(
      z.strictObject({
        name: z.enum(roleNames),
        summary: z.string(),
        rights: z.array(z.strictObject({ on: z.string(), may: z.array(z.string()), own: z.boolean() })),
      }),
    ),
  }),
  access: { action: 'read', on: () => ({ type: 'role' }) },
  audit: { none: 'a table that is the same for everybody' },
  http: { method: 'GET', path: '/v1/roles' },
  example: { input: {} },
  async run() {
    return {
      roles: roles.map(({ name, summary, rights }) => ({
        name,
        summary,
        rights: rights.map(({ on, may, own }) => ({ on, may: [...may], own: own === true })),
      })),
    }
  },
})
