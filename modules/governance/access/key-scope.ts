/**
 * What a scoped API key is limited to. A scope gives nothing: what its owner may do is asked as ever, and must also stand in one of the
 * scopes. A key without scopes (a master key) does whatever its owner may.
 */
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Action, Resource } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { type ResourceType, resourceTypes } from './resource-types.ts'
import { scopeSchema } from './schema.ts'

/** Not `areaSchema`: a partner's key is used on things that no role of the staff's own speaks of. */
export const keyScopeSchema = z.strictObject({
  area: z.enum(resourceTypes as unknown as [ResourceType, ...ResourceType[]]),
  /** `read` is to look; `write` is whatever the owner may do. */
  level: z.enum(['read', 'write']),
  scope: scopeSchema.optional(),
})
export type KeyScope = z.output<typeof keyScopeSchema>

type Scopes = Principal['scopes']

/** Whether the credential reaches this far. One that is limited to a product or project does not reach what belongs to none. */
export function reaches(scopes: Scopes, action: Action, { type, scope }: Pick<Resource, 'type' | 'scope'>): boolean {
  return scopes === undefined || scopes.some((one) => one.area === type && (one.level === 'write' || action === 'read') && includes(one.scope, scope))
}

/** Whether whoever holds `outer` may hand on `inner`: nobody gives a key that reaches further than their own. */
export function reachesNoFurther(inner: Scopes, outer: Scopes): boolean {
  if (outer === undefined) return true
  return (
    inner?.every(({ area, level, scope }) =>
      outer.some((one) => one.area === area && (one.level === 'write' || level === 'read') && includes(one.scope, scope)),
    ) ?? false
  )
}

function includes(outer: KeyScope['scope'], inner: Resource['scope']): boolean {
  return outer === undefined || (outer.kind === inner?.kind && outer.id === inner.id)
}

/** A scope in OAuth's words: `own_disclosure:read`, `release:write@product/<id>`. */
export const scopeWord = ({ area, level, scope }: KeyScope): string => `${area}:${level}${scope === undefined ? '' : `@${scope.kind}/${scope.id}`}`

/** The scopes among such words; whatever is none (`openid`) is passed over. */
export function scopesOf(words: string): KeyScope[] {
  return words.split(' ').flatMap((word) => {
    const [, area, level, kind, id] = /^([a-z_]+):(read|write)(?:@(product|project)\/([0-9a-f-]{36}))?$/.exec(word) ?? []
    const read = keyScopeSchema.safeParse({ area, level, ...(kind === undefined ? {} : { scope: { kind, id } }) })
    return read.success ? [read.data] : []
  })
}
