/** One key per use, from one secret: HKDF-SHA256 (RFC 5869) with the use as `info`. */
import { utf8 } from './bytes.ts'
import type { Domain } from './domain.ts'
import type { Primitives } from './primitives.ts'

const noSalt = new Uint8Array(0)
const derivedMax = 255 * 32

/**
 * @param key secret of full entropy; a password is not one
 * @param salt tells apart keys of one use, for example a block's id; empty where one key per use is meant
 * @param info the use, so that no two uses share a key
 * @param length bytes wanted, 1 to 8160 (RFC 5869 section 2.3)
 */
export function derive(primitives: Primitives, key: Uint8Array, salt: Uint8Array, info: Domain, length: number): Uint8Array {
  if (!Number.isInteger(length) || length < 1 || length > derivedMax) throw new RangeError(`HKDF-SHA256 gives 1 to ${derivedMax} bytes, asked for ${length}`)
  return primitives.hkdfSha256(key, salt, utf8(info), length)
}

/** The 32-byte key for one use. */
export function deriveKey(primitives: Primitives, key: Uint8Array, info: Domain): Uint8Array {
  return derive(primitives, key, noSalt, info, 32)
}
