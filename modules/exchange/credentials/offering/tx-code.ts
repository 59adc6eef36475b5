import { utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Token } from '@gatehouse/crypto/token'

/** Six digits are soon guessed from their hash; together with the code, of which only another hash is kept, they are not. */
export function txCodeHash({ sha256 }: Primitives, code: Token, txCode: string): Uint8Array {
  return sha256(utf8(`${code} ${txCode}`))
}
