import { instantMs } from '@gatehouse/core/instant'
import { instantSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { writeRelations } from './change.ts'
import { refuseMoreThanOwn, rightsOfRole, unlessLockedOut } from './own-role.ts'
import { accessProblems } from './problems.ts'
import { type Holder, holderSchema, limits, productSchema, productText, roleRefSchema, type Scope } from './schema.ts'
import { earlier, holdingIn, openUntil } from './scopes.ts'
import { standingOf } from './standing.ts'
import { holdersOfRole } from './store.ts'

const to = z.enum(['user', 'team'])

export const assignRole = operation({
  name: 'access.assign',
  summary: 'Give a role to a member of the staff or a team',
  description:
    'For good or until an end, in the whole institution or in one product, where it holds nowhere else and ends with it. Roles in a project come with membership. Nobody gives a role with a right that they do not have themselves.',
  input: z.strictObject({ role: roleRefSchema, to, id: z.uuid(), scope: productSchema.optional(), ends_at: instantSchema.optional() }),
  output: holderSchema,
  access: { action: 'update', on: () => ({ type: 'role' }) },
  audit: (input) => ({
    object: { kind: input.to, id: input.id },
    details: {
      role: input.role,
      ...(input.scope === undefined ? {} : { product: input.scope.id }),
      ...(input.ends_at === undefined ? {} : { ends_at: input.ends_at }),
    },
  }),
  http: { method: 'PUT', path: '/v1/roles/:role/holders/:to/:id' },
  example: { input: { role: 'researcher', to: 'user', id: '01980000-0000-7000-8000-0000000000aa' } },
  problems: [accessProblems.more_than_own, accessProblems.role_fixed, accessProblems.locks_out, accessProblems.scope_closed, doorProblems.not_found],
  async run(ctx, input) {
    const open = input.scope === undefined ? { endsAt: null } : await openUntil(ctx.tx, ctx.tenant, input.scope, ctx.now)
    if (open === undefined) return refuse(accessProblems.scope_closed)
    const endsAt = earlier(input.ends_at ?? null, open.endsAt)
    const rights = await rightsOfRole(ctx, input.role, input.scope)
    if (rights instanceof Refusal) return rights
    const refused = await refuseMoreThanOwn(ctx, rights)
    if (refused !== undefined) return refused
    // An end where there was none may be one's own end.
    const locked = await unlessLockedOut(ctx, () =>
      writeRelations(ctx.tx, ctx.tenant, { touch: [{ ...holding(input), ...(endsAt === null ? {} : { expiresAtMs: instantMs(endsAt) }) }] }),
    )
    if (locked instanceof Refusal) return locked
    told(ctx, input.role)
    return { kind: input.to, id: input.id, scope: input.scope ?? null, ends_at: endsAt }
  },
})

export const unassignRole = operation({
  name: 'access.unassign',
  summary: 'Take a role from a member of the staff or a team',
  description:
    'It takes effect on every process within a second: requests, running jobs and open streams alike. Roles that were given with the account are changed there.',
  input: z.strictObject({ role: roleRefSchema, to, id: z.uuid(), scope: productText.optional() }),
  output: holderSchema,
  access: { action: 'update', on: () => ({ type: 'role' }) },
  audit: (input) => ({
    object: { kind: input.to, id: input.id },
    details: { role: input.role, ...(input.scope === undefined ? {} : { product: input.scope.id }) },
  }),
  http: { method: 'DELETE', path: '/v1/roles/:role/holders/:to/:id' },
  example: { input: { role: 'researcher', to: 'user', id: '01980000-0000-7000-8000-0000000000aa' } },
  problems: [accessProblems.locks_out, doorProblems.not_found],
  async run(ctx, input) {
    const held = (await holdersOf(ctx, input.role)).find(({ kind, id, scope }) => kind === input.to && id === input.id && scope?.id === input.scope?.id)
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

/** Those in the whole institution, and those in a product or project. */
async function holdersOf({ tx, tenant }: TransactionContext, role: string): Promise<Holder[]> {
  const rows = await holdersOfRole(tx, tenant, role, limits.holdersMax)
  return rows.flatMap(({ object_id, subject_type, subject_id, expires_at }) => {
    if (subject_type !== 'staff' && subject_type !== 'team') return []
    const [kind, id, there] = object_id.split('/')
    const scope = id === undefined || there === undefined ? null : { kind: kind === 'product' ? ('product' as const) : ('project' as const), id }
    return [{ kind: subject_type === 'staff' ? ('user' as const) : ('team' as const), id: subject_id, scope, ends_at: expires_at }]
  })
}

function holding({ role, to: kind, id, scope }: { role: string; to: 'user' | 'team'; id: string; scope?: Scope | undefined }) {
  const subject = kind === 'user' ? { type: 'staff', id } : { type: 'team', id, relation: 'member' }
  return scope === undefined ? { object: { type: 'role', id: role }, relation: 'holder', subject } : holdingIn(scope, role, subject, null)
}

function told(ctx: TransactionContext, role: string): void {
  standingOf(ctx.node).forget(ctx.tenant)
  ctx.publish({ type: 'access.changed', subject: role, data: { role } })
}
