/** Operators who sign in: people of the node's own institution, appointed and dismissed by operators alone. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { managedUser } from './managed-user.ts'
import { problems } from './problems.ts'
import { userSchema } from './schema.ts'
import { deleteSessionsOf } from './sessions/store.ts'
import { changeUser } from './store.ts'
import { userOf } from './user.ts'

const input = z.strictObject({ user: idSchema('user') })
const example = { input: { user: '01980000-0000-7000-8000-0000000000aa' } }
const facts = ({ user }: z.output<typeof input>) => ({ object: { kind: 'user', id: user }, details: { role: 'operator' } })

export const appointOperator = operation({
  name: 'identity.appoint_operator',
  summary: 'Make somebody of the staff an operator of the node',
  description:
    'For operators only, and only for people of the institution that runs the node. Whoever is appointed signs in anew, and counts as one where two operators must agree.',
  input,
  output: userSchema,
  access: { action: 'create', on: () => ({ type: 'operator' }) },
  audit: facts,
  stepUp: true,
  http: { method: 'PUT', path: '/v1/operators/:user' },
  example,
  problems: [problems.roles_fixed, doorProblems.not_found],
  run: (ctx, { user }) => change(ctx, user, (roles) => [...roles, 'operator']),
})

export const dismissOperator = operation({
  name: 'identity.dismiss_operator',
  summary: 'End that somebody of the staff is an operator of the node',
  description: 'It ends all sessions of the person. Keys of operators are revoked like others.',
  input,
  output: userSchema,
  access: { action: 'delete', on: () => ({ type: 'operator' }) },
  audit: facts,
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/operators/:user' },
  example,
  problems: [problems.roles_fixed, doorProblems.not_found],
  run: (ctx, { user }) => change(ctx, user, (roles) => roles),
})

async function change({ tx, tenant }: TransactionContext, id: Parameters<typeof managedUser>[2], becomes: (others: readonly string[]) => readonly string[]) {
  const user = await managedUser(tx, tenant, id)
  if (user.partner_id !== null) throw new Problem(problems.roles_fixed)
  const roles = becomes(user.roles.filter((role) => role !== 'operator'))
  await changeUser(tx, tenant, user, roles, user.disabled_at)
  await deleteSessionsOf(tx, tenant, user.id)
  return userOf({ ...user, roles })
}
