import type { Id } from '@gatehouse/core/id'
import { isUuid } from '@gatehouse/core/id'
import { instantSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { writeRelations } from './change.ts'
import { refuseMoreThanOwn, rightsIn, rightsOfBuiltIn, unlessLockedOut } from './own-role.ts'
import { accessProblems } from './problems.ts'
import { type RoleName, staffRoles } from './roles.ts'
import { type Holder, holderSchema, limits, roleRefSchema } from './schema.ts'
import { standingOf } from './standing.ts'
import { ownRoleForUpdate, tuplesOf } from './store.ts'

const to = z.enum(['user', 'team'])

export const assignRole = operation({
  name: 'access.assign',
  summary: 'Give a role to a member of the staff or a team',
  description: 'For good, or until an end. Nobody gives a role with a right that they do not have themselves.',
  input: z.strictObject({ role: roleRefSchema, to, id: z.uuid(), ends_at: instantSchema.optional() }),
  output: holderSchema,
  access: { action: 'update', on: () => ({ type: 'role' }) },
  audit: (input) => ({
    object: { kind: input.to, id: input.id },
    details: { role: input.role, ...(input.ends_at === undefined ? {} : { ends_at: input.ends_at }) },
  }),
  http: { method: 'PUT', path: '/v1/roles/:role/holders/:to/:id' },
  example: { input: { role: 'researcher', to: 'user', id: '01980000-0000-7000-8000-0000000000aa' } },
  problems: [accessProblems.more_than_own, accessProblems.role_fixed, accessProblems.locks_out, doorProblems.not_found],
  async run(ctx, input) {
    const rights = await rightsOfRole(ctx, input.role)
    if (rights instanceof Refusal) return rights
    const refused = await refuseMoreThanOwn(ctx, rights)
    if (refused !== undefined) return refused
    // An end where there was none may be one's own end.
    const locked = await unlessLockedOut(ctx, () =>
      writeRelations(ctx.tx, ctx.tenant, {
        touch: [{ ...holding(input), ...(input.ends_at === undefined ? {} : { expiresAtMs: Date.parse(input.ends_at) }) }],
      }),
    )
    if (locked instanceof Refusal) return locked
    told(ctx, input.role)
    return { kind: input.to, id: input.id, ends_at: input.ends_at ?? null }
  },
})

export const unassignRole = operation({
  name: 'access.unassign',
  summary: 'Take a role from a member of the staff or a team',
  description:
    'It takes effect on every process within a second: requests, running jobs and open streams alike. Roles that were given with the account are changed there.',
  input: z.strictObject({ role: roleRefSchema, to, id: z.uuid() }),
  output: holderSchema,
  access: { action: 'update', on: () => ({ type: 'role' }) },
  audit: (input) => ({ object: { kind: input.to, id: input.id }, details: { role: input.role } }),
  http: { method: 'DELETE', path: '/v1/roles/:role/holders/:to/:id' },
  example: { input: { role: 'researcher', to: 'user', id: '01980000-0000-7000-8000-0000000000aa' } },
  problems: [accessProblems.locks_out, doorProblems.not_found],
  async run(ctx, input) {
    const held = (await holdersOf(ctx, input.role)).find(({ kind, id }) => kind === input.to && id === input.id)
    if (held === undefined) return refuse(doorProblems.not_found)
    const locked = await unlessLockedOut(ctx, () => writeRelations(ctx.tx, ctx.tenant, { delete: [holding(input)] }))
    if (locked instanceof Refusal) return locked
    told(ctx, input.role)
    return held
  },
})

export const listHolders = operation({
  name: 'access.holders',
  summary: 'List who holds a role',
  input: z.strictObject({ role: roleRefSchema }),
  output: z.strictObject({ data: z.array(holderSchema) }),
  access: { action: 'read', on: () => ({ type: 'role' }) },
  audit: { none: 'It tells ids of colleagues and of teams, and nothing about a person concerned.' },
  http: { method: 'GET', path: '/v1/roles/:role/holders' },
  example: { input: { role: 'researcher' } },
  run: async (ctx, { role }) => ({ data: await holdersOf(ctx, role) }),
})

async function holdersOf({ tx, tenant }: TransactionContext, role: string): Promise<Holder[]> {
  const rows = await tuplesOf(tx, tenant, { type: 'role', id: role }, 'holder', limits.holdersMax)
  return rows.flatMap(({ subject_type, subject_id, expires_at }) =>
    subject_type === 'staff' || subject_type === 'team'
      ? [{ kind: subject_type === 'staff' ? ('user' as const) : ('team' as const), id: subject_id, ends_at: expires_at }]
      : [],
  )
}

async function rightsOfRole(ctx: TransactionContext, role: string) {
  if (!isUuid(role)) return (staffRoles as readonly string[]).includes(role) ? rightsOfBuiltIn(role as RoleName) : refuse(accessProblems.role_fixed)
  const own = await ownRoleForUpdate(ctx.tx, ctx.tenant, role as Id<'role'>)
  return own === undefined ? refuse(doorProblems.not_found) : rightsIn(own.grants)
}

function holding({ role, to: kind, id }: { role: string; to: 'user' | 'team'; id: string }) {
  return {
    object: { type: 'role', id: role },
    relation: 'holder',
    subject: kind === 'user' ? { type: 'staff', id } : { type: 'team', id, relation: 'member' },
  }
}

function told(ctx: TransactionContext, role: string): void {
  standingOf(ctx.node).forget(ctx.tenant)
  ctx.publish({ type: 'access.changed', subject: role, data: { role } })
}
