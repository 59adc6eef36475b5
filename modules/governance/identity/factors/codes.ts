/** Recovery codes. Stored as keyed digests, since what people can type could be guessed from a plain one. */
import type { Id } from '@gatehouse/core/id'
import { lengthPrefixed } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { limits } from '../schema.ts'
import { factorKey } from './keys.ts'
import { replaceRecoveryCodes } from './store.ts'

/** Without what looks alike: 32 signs, five bits each. */
const alphabet = '023456789abcdefghjkmnpqrstuvwxyz'
const recoverySigns = 12

function newRecoveryCode(primitives: Primitives): string {
  const signs = [...primitives.randomBytes(recoverySigns)].map((byte) => alphabet[byte & 31]).join('')
  return `${signs.slice(0, 4)}-${signs.slice(4, 8)}-${signs.slice(8)}`
}

/** As people type it: capitals, spaces and dashes do not matter. */
export function codeDigest(primitives: Primitives, key: Uint8Array, of: string, code: string): Uint8Array {
  const plain = code.toLowerCase().replace(/[\s-]/g, '')
  return commitment(primitives, key, 'gatehouse/identity/code/v1', lengthPrefixed([of, plain]))
}

/** New recovery codes in place of all earlier ones; shown once. */
export async function issueRecoveryCodes(node: Node, tx: Tx, tenant: Id<'tenant'>, user: string): Promise<string[]> {
  const { primitives } = node.keys
  const key = await factorKey(node, tenant)
  const codes = Array.from({ length: limits.recoveryCodes }, () => newRecoveryCode(primitives))
  await replaceRecoveryCodes(
    tx,
    tenant,
    user,
    codes.map((code) => codeDigest(primitives, key, user, code)),
  )
  return codes
}
