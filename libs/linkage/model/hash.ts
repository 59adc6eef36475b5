import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Model } from './schema.ts'

/** The model's content hash: SHA-256 of its canonical JSON (RFC 8785), in hexadecimal. Runs and reports name the model by it. */
export function modelHash({ sha256 }: Pick<Primitives, 'sha256'>, model: Model): string {
  return toHex(sha256(utf8(canonicalJson(model))))
}
