/**
 * Keys of FITtokens. One master secret gives each audience keys of its own by HKDF (RFC 5869), so that the tokens of two projects
 * do not join unless somebody who holds both keys does it. Rotation overlaps: for a window two keys are good for reading.
 */
import type { Instant } from '@gatehouse/core/instant'
import { concat, u32, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { TokenError } from './error.ts'

export interface AudienceKey {
  /** The project or recipient whose tokens join with one another and with no others. */
  readonly audience: string
  readonly keyId: string
  /** 32 secret bytes. Whoever has them can try out every identifier there is. */
  readonly key: Uint8Array
  /** Makes tokens from this moment on. */
  readonly notBefore: Instant
  /** Reads tokens until just before this moment; makes none after the next key has begun. */
  readonly notAfter: Instant
}

const salt = utf8('gatehouse/linkage/fit-token/v1')
const nameText = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/

/** @throws TokenError `bad_name` for a name that could not stand in a token */
export function checkedName(name: string, what: string): string {
  if (!nameText.test(name)) throw new TokenError('bad_name', `${what} has 1 to 64 small letters, digits and inner hyphens`)
  return name
}

/**
 * @param master at least 32 secret bytes; kept in a vault, never in settings
 * @throws TokenError `bad_name`, `weak_secret`, `bad_window`
 */
export function deriveAudienceKey(primitives: Primitives, master: Uint8Array, wanted: Omit<AudienceKey, 'key'>): AudienceKey {
  if (master.length < 32) throw new TokenError('weak_secret', 'the master secret has fewer than 32 bytes; draw 32 from a cryptographic source')
  if (wanted.notBefore >= wanted.notAfter) throw new TokenError('bad_window', 'the key ends before it begins')
  const [audience, keyId] = [utf8(checkedName(wanted.audience, 'an audience')), utf8(checkedName(wanted.keyId, 'a key id'))]
  const info = concat(u32(audience.length), audience, u32(keyId.length), keyId)
  return { ...wanted, key: primitives.hkdfSha256(master, salt, info, 32) }
}

/** The key that makes tokens now: of those in force the one that began last. @throws TokenError `no_key` */
export function makingKey(keys: readonly AudienceKey[], audience: string, at: Instant): AudienceKey {
  const [newest] = readingKeys(keys, audience, at).toSorted((left, right) => (left.notBefore < right.notBefore ? 1 : -1))
  if (newest === undefined) throw new TokenError('no_key', 'no key of this audience is in force now; derive one whose window holds this moment')
  return newest
}

/** The keys whose tokens are good now; during a rotation there are two. */
export function readingKeys(keys: readonly AudienceKey[], audience: string, at: Instant): AudienceKey[] {
  return keys.filter((key) => key.audience === audience && key.notBefore <= at && at < key.notAfter)
}
