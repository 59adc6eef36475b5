/** Keys of runs across nodes. Both are made of what both nodes have, and neither is in a table of the other's. */
import { utf8 } from '@gatehouse/crypto/bytes'
import { derive, deriveKey } from '@gatehouse/crypto/kdf'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { AudienceKey } from '@gatehouse/linkage/token/key'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import { hasPersonColumn } from '@gatehouse/query/plan/treatment'
import type { StepSecrets } from '@gatehouse/query/steps/run'

/** Under which one attempt of one part comes back: a table of another attempt, run or node does not open under it. */
export function contentKey(primitives: Primitives, runKey: Uint8Array, peer: string, attempt: number): Uint8Array {
  return derive(primitives, runKey, utf8(`${peer} ${attempt}`), 'gatehouse/query/part/v1', 32)
}

/**
 * Digests of people meet across nodes where they are made with one version of the token space's key, and nowhere else; in a session with
 * those of the one run, at whose end they are worth nothing.
 *
 * @param run at the node that asked
 */
export function sharedSecrets(primitives: Primitives, key: AudienceKey, plan: QueryPlan, run: string): StepSecrets {
  const person =
    plan.linkage?.method.kind === 'session'
      ? derive(primitives, key.key, utf8(run), 'gatehouse/query/session-person/v1', 32)
      : deriveKey(primitives, key.key, 'gatehouse/query/person/v1')
  const mask = deriveKey(primitives, person, 'gatehouse/query/masks/v1')
  return hasPersonColumn(plan) ? { person, mask, token: key } : { person, mask }
}
