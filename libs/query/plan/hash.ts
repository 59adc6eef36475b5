import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { QueryPlan } from './schema.ts'

/** SHA-256 in hex of the plan as canonical JSON (RFC 8785), with every default written out: what is approved is what is run. */
export function planHash(primitives: Pick<Primitives, 'sha256'>, plan: QueryPlan): string {
  return toHex(primitives.sha256(utf8(canonicalJson(plan as never))))
}
