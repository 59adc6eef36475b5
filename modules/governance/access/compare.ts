import { operation, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { rightsHeld } from './explain.ts'
import { bearerOfRole } from './model.ts'
import { actionSchema, roleRefSchema } from './schema.ts'

/** A role or a person: `role:auditor`, `user:0198…`. */
const side = z.union([
  z.templateLiteral(['user:', z.uuid()]),
  z
    .string()
    .startsWith('role:')
    .transform((text, ctx) => {
      const role = roleRefSchema.safeParse(text.slice('role:'.length))
      if (!role.success) ctx.addIssue({ code: 'custom', message: 'there is no such role' })
      return text
    }),
])

const cell = z.enum(['yes', 'conditional', 'no'])

export const compareAccess = operation({
  name: 'access.compare',
  summary: 'Compare what two roles or people may do',
  description: 'Each side is `role:<name or id>` or `user:<id>`. Rows that are the same on both sides are left out unless asked for.',
  input: z.strictObject({ left: side, right: side, same: z.enum(['true', 'false']).default('false') }),
  output: z.strictObject({ data: z.array(z.strictObject({ area: z.string(), action: actionSchema, left: cell, right: cell })) }),
  access: { action: 'read', on: () => ({ type: 'role' }) },
  audit: { none: 'A question about colleagues’ rights; nothing about a person concerned is asked or told.' },
  http: { method: 'GET', path: '/v1/access/compare' },
  example: { input: { left: 'role:auditor', right: 'role:officer' } },
  async run(ctx, input) {
    const [left, right] = [await held(ctx, input.left), await held(ctx, input.right)]
    const keys = [...new Set([...left.keys(), ...right.keys()])].sort()
    const rows = keys.map((key) => {
      const [area = '', action = ''] = key.split(' ')
      return { area, action: actionSchema.parse(action), left: left.get(key) ?? ('no' as const), right: right.get(key) ?? ('no' as const) }
    })
    return { data: input.same === 'true' ? rows : rows.filter((row) => row.left !== row.right) }
  },
})

async function held(ctx: TransactionContext, name: string) {
  const id = name.slice(5)
  const rights = await rightsHeld(ctx, name.startsWith('user:') ? { type: 'staff', id } : bearerOfRole(id))
  return new Map(rights.map(({ area, action, answer }) => [`${area} ${action}`, answer]))
}
