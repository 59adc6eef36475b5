/** How a role of an institution's own becomes relationships, and what nobody may make of it. */
import type { Id } from '@gatehouse/core/id'
import { isUuid } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { type Asked, answerOf } from '@gatehouse/policy/relations/proof'
import type { Relationship } from '@gatehouse/policy/relations/relationship'
import { SchemaError } from '@gatehouse/policy/relations/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { type Action, type Refusal, type Resource, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { allowed } from './allowed.ts'
import { actionsAt } from './areas.ts'
import { objectsOf } from './authorize.ts'
import { conditionName, grantRelationships, scopeText } from './grants.ts'
import type { Asking } from './groups.ts'
import { reaches } from './key-scope.ts'
import { type Condition, mayDo, schemaWith } from './model.ts'
import { accessProblems } from './problems.ts'
import { type RoleName, rolesInProjects, staffRoles } from './role-names.ts'
import { roles } from './roles.ts'
import type { RoleGrant, Scope } from './schema.ts'
import { openUntil } from './scopes.ts'
import { standingOf } from './standing.ts'
import { ownRoleForUpdate, trying } from './store.ts'

export interface RightAsked {
  readonly action: Action
  readonly resource: Pick<Resource, 'type' | 'scope'>
}

/** @returns the conditions of the grants, each once, or the refusal for one that is none */
export function conditionsIn(ctx: TransactionContext, grants: readonly RoleGrant[]): Condition[] | Refusal {
  const texts = [...new Set(grants.flatMap(({ condition }) => (condition === undefined ? [] : [condition])))]
  const conditions = texts.map((text) => ({ text, name: conditionName(ctx.node.keys.primitives, text) }))
  for (const { name, text } of conditions) {
    try {
      // A brace would end the caveat's body in the schema's text and begin something else.
      if (/[{}`;\\]/.test(text)) throw new SchemaError(1, 'braces, backquotes, backslashes and semicolons are not used in conditions')
      schemaWith([{ name, text }])
    } catch (error) {
      if (error instanceof SchemaError)
        return refuse(accessProblems.condition_invalid, error.message.replace(/^line \d+: /, '').replace(`the caveat "${name}": `, ''))
      throw error
    }
  }
  return conditions
}

/**
 * The relationships of a role. A right for one product or project ends with it.
 * @returns the refusal for a product or project that is not open
 */
export async function relationshipsOf(ctx: TransactionContext, role: string, grants: readonly RoleGrant[]): Promise<Relationship[] | Refusal> {
  const ends = new Map<string, Instant | null>()
  for (const { scope } of grants) {
    if (scope === undefined || ends.has(scopeText(scope))) continue
    const open = await openUntil(ctx.tx, ctx.tenant, scope, ctx.now)
    if (open === undefined) return refuse(accessProblems.scope_closed, `there is no open ${scope.kind} ${scope.id}`)
    ends.set(scopeText(scope), open.endsAt)
  }
  return grantRelationships(ctx.node.keys.primitives, role, grants, (scope) => ends.get(scopeText(scope)) ?? null)
}

export function rightsIn(grants: readonly RoleGrant[]): RightAsked[] {
  return grants.flatMap(({ area, level, scope }) =>
    actionsAt(area, level).map((action) => ({ action, resource: { type: area, ...(scope === undefined ? {} : { scope }) } })),
  )
}

/** What a role that ships with the product gives on all things. */
export function rightsOfBuiltIn(name: RoleName): RightAsked[] {
  const role = roles.find((one) => one.name === name)
  return (role?.rights ?? []).filter(({ own }) => own !== true).flatMap(({ on, may }) => may.map((action) => ({ action, resource: { type: on } })))
}

/** What a role gives that people and teams can be given; within a product or project, what it gives there. */
export async function rightsOfRole(ctx: TransactionContext, role: string, scope?: Scope): Promise<RightAsked[] | Refusal> {
  if (!isUuid(role)) {
    const given: readonly string[] = scope?.kind === 'project' ? [...staffRoles, ...rolesInProjects] : staffRoles
    return given.includes(role) ? within(rightsOfBuiltIn(role as RoleName), scope) : refuse(accessProblems.role_fixed)
  }
  const own = await ownRoleForUpdate(ctx.tx, ctx.tenant, role as Id<'role'>)
  return own === undefined ? refuse(doorProblems.not_found) : within(rightsIn(own.grants), scope)
}

const within = (rights: readonly RightAsked[], scope: Scope | undefined): RightAsked[] =>
  rights.map(({ action, resource }) => ({ action, resource: { ...resource, ...(scope === undefined || resource.scope !== undefined ? {} : { scope }) } }))

/** Nobody gives what they do not have themselves, for certain and without a condition. */
export async function refuseMoreThanOwn(ctx: TransactionContext, rights: readonly RightAsked[]): Promise<Refusal | undefined> {
  for (const { action, resource } of rights) {
    if (!(await hasFor(ctx, ctx.principal, action, resource))) {
      return refuse(
        accessProblems.more_than_own,
        `you may not ${action} ${resource.type}${resource.scope === undefined ? '' : ` in this ${resource.scope.kind}`}`,
      )
    }
  }
  return undefined
}

/** Asked inside the act, over its own connection. A right that waits for a condition is none. */
export async function hasFor(ctx: Asking, principal: Principal, action: Action, resource: Pick<Resource, 'type' | 'scope'>): Promise<boolean> {
  if (!reaches(principal.scopes, action, resource)) return false
  if (allowed(principal, action, resource)) return true
  const { proof, schema } = await standingOf(ctx.node).proveIn(ctx.tx, ctx.tenant, objectsOf(resource), mayDo(action), { type: 'staff', id: principal.id })
  return answerOf(schema, proof, asked(ctx)) === 'yes'
}

const asked = ({ nowMs }: { readonly nowMs: number }): Asked => ({ context: {}, nowMs })

/** Makes a change, and takes it back and refuses where whoever makes it could not undo it any more. */
export async function unlessLockedOut<T>(ctx: TransactionContext, change: () => Promise<T>): Promise<T | Refusal> {
  const still = () => hasFor(ctx, ctx.principal, 'update', { type: 'role' })
  const could = await still()
  return (await trying(ctx.tx, change, async () => !could || (await still()))) ?? refuse(accessProblems.locks_out)
}
