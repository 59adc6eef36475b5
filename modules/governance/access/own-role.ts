/** How a role of an institution's own becomes relationships, and what nobody may make of it. */
import { type Asked, answerOf } from '@gatehouse/policy/relations/proof'
import type { Relationship } from '@gatehouse/policy/relations/relationship'
import { SchemaError } from '@gatehouse/policy/relations/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { type Action, type Refusal, type Resource, refuse } from '@gatehouse/runtime/door/operation'
import { allowed } from './allowed.ts'
import { actionsAt } from './areas.ts'
import { objectsOf } from './authorize.ts'
import { areaOf, bearerOfRole, type Condition, canDo, mayDo, schemaWith } from './model.ts'
import { accessProblems } from './problems.ts'
import { type RoleName, roles } from './roles.ts'
import type { RoleGrant, Scope } from './schema.ts'
import { standingOf } from './standing.ts'
import { trying } from './store.ts'

export interface RightAsked {
  readonly action: Action
  readonly resource: Pick<Resource, 'type' | 'scope'>
}

/** The name of a condition's caveat: a digest, so that the same condition is one caveat wherever it stands. */
export function conditionName(text: string, sha256: (bytes: Uint8Array) => Uint8Array): string {
  return `when_${Buffer.from(sha256(new TextEncoder().encode(text)))
    .toString('hex')
    .slice(0, 24)}`
}

/** @returns the conditions of the grants, each once, or the refusal for one that is none */
export function conditionsIn(ctx: TransactionContext, grants: readonly RoleGrant[]): Condition[] | Refusal {
  const texts = [...new Set(grants.flatMap(({ condition }) => (condition === undefined ? [] : [condition])))]
  const conditions = texts.map((text) => ({ text, name: conditionName(text, ctx.node.keys.primitives.sha256) }))
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

const scopeText = (scope: Scope | undefined): string | undefined => scope && `${scope.kind}/${scope.id}`

export function relationshipsOf(ctx: TransactionContext, role: string, grants: readonly RoleGrant[]): Relationship[] {
  return grants.flatMap(({ area, level, scope, condition }) =>
    actionsAt(area, level).map((action) => ({
      object: areaOf(area, scopeText(scope)),
      relation: canDo(action),
      subject: bearerOfRole(role),
      ...(condition === undefined ? {} : { caveat: { name: conditionName(condition, ctx.node.keys.primitives.sha256), context: {} } }),
    })),
  )
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
export async function hasFor(ctx: TransactionContext, principal: Principal, action: Action, resource: Pick<Resource, 'type' | 'scope'>): Promise<boolean> {
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
