/** For what stays open after it was let in: whether those who follow it would still be let in. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import { stands } from './standing.ts'
import { holdingCredentials } from './store.ts'

/**
 * One look for all of them, however many they are: the credential holds, gives the roles it gave, and the partner or person
 * behind it is still there. It counts as no use of a session, so that an open page does not keep one alive.
 * @returns for each principal of the tenant, in their order
 */
export async function stillHold(node: Node, tenant: Id<'tenant'>, principals: readonly Principal[]): Promise<boolean[]> {
  const now = instantOf(node.source.nowMs())
  const sessions = distinct(principals.map(({ session }) => session))
  const keys = distinct(principals.map(({ apiKey }) => apiKey))
  const whom = new Map(principals.map((principal) => [behind(principal), principal]))
  return node.database.transaction(tenant, async (tx) => {
    const [holding, standing] = await Promise.all([
      holdingCredentials(tx, tenant, now, sessions, keys),
      Promise.all(
        [...whom].map(
          async ([name, { partner, subject }]) => [name, await stands(tx, { partner_id: partner ?? null, subject_id: subject ?? null }, now)] as const,
        ),
      ),
    ])
    const there = new Map(standing)
    return principals.map((principal) => {
      const credential = principal.session ?? principal.apiKey
      // The node's own work carries no credential that could end.
      if (credential === undefined) return true
      const roles = holding.get(credential)
      return roles !== undefined && (roles === null || sameRoles(roles, principal.roles)) && there.get(behind(principal)) === true
    })
  })
}

const behind = ({ partner, subject }: Principal): string => `${partner ?? ''} ${subject ?? ''}`
const distinct = (ids: readonly (string | undefined)[]): string[] => [...new Set(ids.filter((id) => id !== undefined))]
const sameRoles = (left: readonly string[], right: readonly string[]): boolean => left.length === right.length && left.every((role) => right.includes(role))
