/** From the institution's name for a person to the keyed hash under which the person is found. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { utf8 } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'
import { subjectsProblems } from './problems.ts'
import { subjectsPerBatchMax, userIdLengthMax, userIdSchema } from './schema.ts'

export function isUserId(text: string): boolean {
  return userIdSchema.safeParse(text).success
}

/** HMAC-SHA256 under a secret of the tenant: without it, nobody can try names against a stolen table. */
export async function outsideIds(node: Node, tenant: Id<'tenant'>, userIds: readonly string[]): Promise<Uint8Array[]> {
  const key = await outsideIdKey(node, tenant)
  return userIds.map((userId) => node.keys.primitives.hmacSha256(key, utf8(userId)))
}

/** For hashing many ids where they are read, in a worker thread; with `hashesOf` it tells whom to leave out. */
export const outsideIdKey = (node: Node, tenant: Id<'tenant'>): Promise<Uint8Array> => node.keys.secret(tenant, 'subjects/index')

/** @throws RangeError for an oversized batch. @throws Problem naming the places, never the values, of unusable ids */
export function checkBatch(userIds: readonly string[]): void {
  if (userIds.length > subjectsPerBatchMax) throw new RangeError(`a batch registers at most ${subjectsPerBatchMax} persons, not ${userIds.length}`)
  const errors = userIds.flatMap((userId, index) =>
    isUserId(userId) ? [] : [{ pointer: `/${index}`, detail: `not 1 to ${userIdLengthMax} characters without control characters` }],
  )
  if (errors.length > 0) throw new Problem(subjectsProblems.user_id_invalid, `${errors.length} of ${userIds.length} user ids`, { errors: errors.slice(0, 100) })
}
