/**
 * Commitments to values that must not be guessed from the log: HMAC-SHA256(key, domain ‖ length u32 ‖ value). A plain hash of
 * a name or a date is a dictionary look-up; without the key this is noise, and destroying the key makes it so for ever.
 */
import { concat, u32, utf8 } from './bytes.ts'
import type { Domain } from './domain.ts'
import type { Primitives } from './primitives.ts'

const keyLengthMin = 16

/** @returns 32 bytes. @throws RangeError for a key of fewer than 16 bytes */
export function commitment(primitives: Primitives, key: Uint8Array, domain: Domain, value: string | Uint8Array): Uint8Array {
  if (key.length < keyLengthMin) throw new RangeError(`a commitment key has at least ${keyLengthMin} bytes, got ${key.length}`)
  const bytes = typeof value === 'string' ? utf8(value) : value
  return primitives.hmacSha256(key, concat(utf8(domain), u32(bytes.length), bytes))
}

/** Whether `committed` is the commitment to the value; compared in constant time. */
export function matchesCommitment(primitives: Primitives, key: Uint8Array, domain: Domain, value: string | Uint8Array, committed: Uint8Array): boolean {
  return primitives.equal(commitment(primitives, key, domain, value), committed)
}
