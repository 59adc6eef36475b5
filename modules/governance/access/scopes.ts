/**
 * Products and projects as places in which rights hold. What they are is kept above (`projects`); here stands only that one is open, and until
 * when. Its end is in each relationship of the place, so nothing has to run at that moment for rights to end.
 */
import type { Id } from '@gatehouse/core/id'
import { type Instant, instantMs } from '@gatehouse/core/instant'
import type { Edge, ObjectRef, Relationship } from '@gatehouse/policy/relations/relationship'
import type { Tuples } from '@gatehouse/policy/relations/tuples'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { writeRelations } from './change.ts'
import { grantRelationships, scopeText } from './grants.ts'
import { areaOf, bearerOfRole } from './model.ts'
import type { Scope } from './schema.ts'
import { dropScope, lockScope, moveScopeEnd, ownRoles, putScope } from './store.ts'

/** A role as it is held in one product or project. */
export const roleIn = (scope: Scope, role: string): string => `${scopeText(scope)}/${role}`

/** The role that is held in this product or project under that id, or `undefined` for another's. */
export function roleHeldIn(scope: Scope, held: string): string | undefined {
  const place = roleIn(scope, '')
  return held.startsWith(place) ? held.slice(place.length) : undefined
}

type Act = Pick<TransactionContext, 'tx' | 'tenant' | 'node'>

/** Opens a product or project, or gives one that is open another end. What roles of the institution's own say of it holds, and ends with it. */
export async function openScope({ tx, tenant, node }: Act, scope: Scope, endsAt: Instant | null): Promise<void> {
  await putScope(tx, tenant, scope, endsAt)
  await moveScopeEnd(tx, tenant, scope, endsAt)
  const touch = (await ownRoles(tx, tenant)).flatMap(({ id, grants }) =>
    grantRelationships(
      node.keys.primitives,
      id,
      grants.filter((grant) => grant.scope?.kind === scope.kind && grant.scope.id === scope.id),
      () => endsAt,
    ),
  )
  await writeRelations(tx, tenant, { touch })
}

/** From here on nobody has a right in it. */
export async function closeScope({ tx, tenant }: Omit<Act, 'node'>, scope: Scope): Promise<void> {
  await dropScope(tx, tenant, scope)
  await writeRelations(tx, tenant, {})
}

/** @returns its end, or `undefined` where it is closed, over or unknown. An end at the same moment waits for this act. */
export async function openUntil(tx: Tx, tenant: Id<'tenant'>, scope: Scope, now: Instant): Promise<{ readonly endsAt: Instant | null } | undefined> {
  const found = await lockScope(tx, tenant, scope)
  return found === undefined || (found.ends_at !== null && found.ends_at <= now) ? undefined : { endsAt: found.ends_at }
}

/** The earlier of two ends; `null` is none. */
export function earlier(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

/** That somebody holds a role in the place, and no further than it goes. */
export function holdingIn(scope: Scope, role: string, subject: Relationship['subject'], endsAt: Instant | null): Relationship {
  return {
    object: { type: 'role', id: roleIn(scope, role) },
    relation: 'holder',
    subject,
    ...(endsAt === null ? {} : { expiresAtMs: instantMs(endsAt) }),
  }
}

/** What a role gives in the whole institution, it gives within a product or project to those who hold it there. */
export function scopedEdges(objects: readonly ObjectRef[], layers: readonly Pick<Tuples, 'onward'>[]): Edge[] {
  return objects.flatMap((object) => {
    const place = placeOf(object)
    if (place === undefined) return []
    return layers
      .flatMap((layer) => layer.onward(areaOf(place.area)))
      .filter(({ subject }) => subject.type === 'role')
      .map((edge): Edge => ({ ...edge, object, subject: bearerOfRole(roleIn(place.scope, edge.subject.id)) }))
  })
}

/** The product or project of an area there, and the area it is there. */
export function placeOf({ type, id }: ObjectRef): { readonly scope: Scope; readonly area: string } | undefined {
  const [kind, place, area] = type === 'area' ? id.split('/') : []
  return area === undefined || place === undefined || (kind !== 'product' && kind !== 'project') ? undefined : { scope: { kind, id: place }, area }
}
