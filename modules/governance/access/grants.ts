/** The grants of a role of an institution's own as relationships. */
import { type Instant, instantMs } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Relationship } from '@gatehouse/policy/relations/relationship'
import { actionsAt } from './areas.ts'
import { areaOf, bearerOfRole, canDo } from './model.ts'
import type { RoleGrant, Scope } from './schema.ts'

type Sha256 = Pick<Primitives, 'sha256'>

/** The name of a condition's caveat: a digest, so that the same condition is one caveat wherever it stands. */
export function conditionName({ sha256 }: Sha256, text: string): string {
  return `when_${Buffer.from(sha256(utf8(text)))
    .toString('hex')
    .slice(0, 24)}`
}

export const scopeText = ({ kind, id }: Scope): string => `${kind}/${id}`

/** @param endOf the end of the product or project that a grant is for; `null` where it has none */
export function grantRelationships(primitives: Sha256, role: string, grants: readonly RoleGrant[], endOf: (scope: Scope) => Instant | null): Relationship[] {
  return grants.flatMap(({ area, level, scope, condition }) => {
    const endsAt = scope === undefined ? null : endOf(scope)
    return actionsAt(area, level).map((action) => ({
      object: areaOf(area, scope && scopeText(scope)),
      relation: canDo(action),
      subject: bearerOfRole(role),
      ...(condition === undefined ? {} : { caveat: { name: conditionName(primitives, condition), context: {} } }),
      ...(endsAt === null ? {} : { expiresAtMs: instantMs(endsAt) }),
    }))
  })
}
