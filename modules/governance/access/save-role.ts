import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { writeRelations } from './change.ts'
import { conditionsIn, refuseMoreThanOwn, relationshipsOf, rightsIn, unlessLockedOut } from './own-role.ts'
import { accessProblems } from './problems.ts'
import { roleNames } from './role-names.ts'
import { limits, type OwnRole, ownRoleSchema, type RoleGrant, roleInput } from './schema.ts'
import { standingOf } from './standing.ts'
import { dropIdleConditions, dropRole, dropRoleTuples, ownRoleForUpdate, ownRoles, putConditions, putRole } from './store.ts'

const example = {
  name: 'study-desk',
  summary: 'Looks after the record types and reads policies that are not about sensitive things',
  grants: [
    { area: 'record_type' as const, level: 'read' as const },
    { area: 'policy' as const, level: 'read' as const, condition: 'sensitivity <= 2' },
  ],
}

const facts = (role: OwnRole) => ({ object: { kind: 'role', id: role.id }, details: { name: role.name, grants: role.grants.map(grantText) } })

/** A grant as the ledger keeps it; a condition by its beginning, for its text may be long. */
function grantText({ area, level, scope, condition }: RoleGrant): string {
  return `${area}:${level}${scope === undefined ? '' : `@${scope.kind}/${scope.id}`}${condition === undefined ? '' : ` if ${condition.slice(0, 60)}`}`
}

export const createRole = operation({
  name: 'access.create_role',
  summary: 'Make a role of the institution’s own',
  description:
    'A role is a set of areas, each with a level, for the whole institution or one product or project of it, and with or without a condition. Nobody puts a right into a role that they do not have themselves.',
  input: roleInput,
  output: ownRoleSchema,
  access: { action: 'create', on: () => ({ type: 'role' }) },
  audit: (_input, role) => facts(role),
  http: { method: 'POST', path: '/v1/roles', status: 201 },
  example: { input: example },
  problems: [accessProblems.more_than_own, accessProblems.condition_invalid, accessProblems.name_taken, accessProblems.roles_full, accessProblems.scope_closed],
  async run(ctx, input) {
    const kept = await ownRoles(ctx.tx, ctx.tenant)
    if (kept.length >= limits.rolesMax) return refuse(accessProblems.roles_full)
    const refused = await refuseMoreThanOwn(ctx, rightsIn(input.grants))
    return refused ?? save(ctx, { ...input, id: ctx.newId<'role'>(), updated_at: ctx.now, updated_by: ctx.principal.id })
  },
})

export const updateRole = operation({
  name: 'access.update_role',
  summary: 'Change a role of the institution’s own',
  description:
    'It takes effect for all who hold the role, on every process, within a second. What is added must be among one’s own rights; anything may be taken away.',
  input: roleInput.extend({ role: idSchema('role') }),
  output: ownRoleSchema,
  access: { action: 'update', on: () => ({ type: 'role' }) },
  audit: (_input, role) => facts(role),
  http: { method: 'PUT', path: '/v1/roles/:role' },
  example: { input: { role: '0198c1de-7b3a-7c4d-8e5f-000000000001', ...example } },
  problems: [
    accessProblems.more_than_own,
    accessProblems.condition_invalid,
    accessProblems.name_taken,
    accessProblems.locks_out,
    accessProblems.scope_closed,
    doorProblems.not_found,
  ],
  async run(ctx, { role: id, ...input }) {
    const before = await ownRoleForUpdate(ctx.tx, ctx.tenant, id)
    if (before === undefined) return refuse(doorProblems.not_found)
    const had = new Set(before.grants.map((grant) => JSON.stringify(ordered(grant))))
    const added = input.grants.filter((grant) => !had.has(JSON.stringify(ordered(grant))))
    const refused = await refuseMoreThanOwn(ctx, rightsIn(added))
    if (refused !== undefined) return refused
    return unlessLockedOut(ctx, () => save(ctx, { ...input, id, updated_at: ctx.now, updated_by: ctx.principal.id }))
  },
})

export const deleteRole = operation({
  name: 'access.delete_role',
  summary: 'Delete a role of the institution’s own',
  description: 'Whoever holds it loses what it gave, on every process, within a second.',
  input: z.strictObject({ role: idSchema('role') }),
  output: ownRoleSchema,
  access: { action: 'delete', on: () => ({ type: 'role' }) },
  audit: (_input, role) => facts(role),
  http: { method: 'DELETE', path: '/v1/roles/:role' },
  example: { input: { role: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [accessProblems.locks_out, doorProblems.not_found],
  async run(ctx, { role: id }) {
    const { tx, tenant } = ctx
    const role = await ownRoleForUpdate(tx, tenant, id)
    if (role === undefined) return refuse(doorProblems.not_found)
    const locked = await unlessLockedOut(ctx, async () => {
      await dropRoleTuples(tx, tenant, id, 'all')
      await dropRole(tx, tenant, id)
      await writeRelations(tx, tenant, {})
      await dropIdleConditions(tx, tenant)
      return role
    })
    if (locked instanceof Refusal) return locked
    standingOf(ctx.node).forget(tenant)
    ctx.publish({ type: 'access.changed', subject: id, data: { role: id } })
    return role
  },
})

async function save(ctx: TransactionContext, role: OwnRole): Promise<OwnRole | Refusal> {
  const { tx, tenant } = ctx
  const conditions = conditionsIn(ctx, role.grants)
  if (conditions instanceof Refusal) return conditions
  const relationships = await relationshipsOf(ctx, role.id, role.grants)
  if (relationships instanceof Refusal) return relationships
  if ((roleNames as readonly string[]).includes(role.name) || !(await putRole(tx, tenant, role))) return refuse(accessProblems.name_taken)
  await dropRoleTuples(tx, tenant, role.id, 'rights')
  await putConditions(tx, tenant, conditions)
  await writeRelations(tx, tenant, { touch: relationships })
  await dropIdleConditions(tx, tenant)
  standingOf(ctx.node).forget(tenant)
  ctx.publish({ type: 'access.changed', subject: role.id, data: { role: role.id } })
  return role
}

const ordered = ({ area, level, scope, condition }: RoleGrant) => ({ area, level, scope: scope && { kind: scope.kind, id: scope.id }, condition })
