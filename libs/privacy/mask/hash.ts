import { canonicalJson } from '@gatehouse/core/canonical-json'
import { slugSchema } from '@gatehouse/core/schema'
import { bytesToHex, utf8ToBytes } from '@noble/ciphers/utils.js'
import { z } from 'zod'
import { blank, derivedKey, fieldTypes, type Mask } from './mask.ts'

/** Fields of one domain can be joined with each other; without it a field has a domain of its own. */
export const domainSchema = slugSchema.optional()

const schema = z.strictObject({ mask: z.literal('hash'), domain: domainSchema })

/**
 * HMAC-SHA-256 under a key of the partner, as 64 hexadecimal digits. A plain hash of a birth date or a telephone number can be
 * found by trying them all; without the key this one cannot.
 */
export const hash: Mask<z.infer<typeof schema>> = {
  kind: 'hash',
  title: 'A keyed hash, different for each partner',
  schema,
  appliesTo: () => fieldTypes,
  declares: () => ({ ...blank, keepsEquality: true }),
  apply(value, { domain }, { field, context }) {
    const input = utf8ToBytes(canonicalJson([domain ?? field, value]))
    const digest = context.primitives.hmacSha256(derivedKey(context, 'hash', 32), input)
    return { value: bytesToHex(digest) }
  },
}
