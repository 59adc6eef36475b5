/**
 * Each person has one commitment, which stands in the log wherever the person is concerned: HMAC of the subject id under a key
 * of the person's own. With the key an entry can be shown to be about the person; once it is destroyed, it is noise for ever.
 */
import type { Id } from '@gatehouse/core/id'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import { commitment } from '@gatehouse/crypto/hmac'
import type { Primitives } from '@gatehouse/crypto/primitives'

export const commitmentDomain = 'gatehouse/audit/subject/v1'

const commitmentKeyLength = 32

export const commitmentKeyContext = (tenant: Id<'tenant'>, subject: Id<'subject'>) => ['gatehouse/subjects/commitment-key/v1', tenant, subject]

export interface NewCommitment {
  readonly commitment: Uint8Array
  readonly wrappedKey: Uint8Array
}

export function newCommitment(primitives: Primitives, kek: Uint8Array, tenant: Id<'tenant'>, subject: Id<'subject'>): NewCommitment {
  const key = primitives.randomBytes(commitmentKeyLength)
  return {
    commitment: commitment(primitives, key, commitmentDomain, subject),
    wrappedKey: wrapKey(primitives, kek, key, commitmentKeyContext(tenant, subject)),
  }
}

/** `undefined` when the bytes were changed or belong to another person. */
export function openCommitmentKey(
  primitives: Primitives,
  kek: Uint8Array,
  tenant: Id<'tenant'>,
  subject: Id<'subject'>,
  wrappedKey: Uint8Array,
): Uint8Array | undefined {
  return unwrapKey(primitives, kek, wrappedKey, commitmentKeyContext(tenant, subject))
}
