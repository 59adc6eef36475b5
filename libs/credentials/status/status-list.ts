/**
 * Token Status List (draft-ietf-oauth-status-list): two bits for each credential, the first in the lowest bits of a byte; compressed
 * and signed. Whoever fetches the list does not say whose status is wanted.
 */
import { fromBase64url, toBase64url } from '@gatehouse/crypto/bytes'
import { type Jwk, parseJws, signJws, type VerifyJws, verifiesWith } from '../sd-jwt/jws.ts'

/** Credentials that share a list; a reader learns of one of them no more than that it is among these. */
export const listSize = 131_072
export const statusListType = 'statuslist+jwt'
/** A list of another issuer may be longer than ours; what unpacks to more than this is refused. */
export const listBytesMax = 4_194_304

/** The values of section 7.1 that we issue. */
const values = { valid: 0, revoked: 1, suspended: 2 } as const
export type CredentialStatus = keyof typeof values

const bitsEach = 2

/** @param statuses those that are not valid; every other place is, whether a credential stands there or not */
export function packList(statuses: Iterable<{ readonly place: number; readonly status: CredentialStatus }>): Uint8Array {
  const list = new Uint8Array((listSize * bitsEach) / 8)
  for (const { place, status } of statuses) {
    if (!Number.isSafeInteger(place) || place < 0 || place >= listSize) throw new RangeError('the place lies beyond the list')
    const bit = place * bitsEach
    const at = Math.floor(bit / 8)
    list[at] = (list[at] ?? 0) | (values[status] << (bit % 8))
  }
  return list
}

/** `undefined` beyond the end of the list. */
function isSet(list: Uint8Array, index: number): boolean | undefined {
  const byte = list[Math.floor(index / 8)]
  return byte === undefined || !Number.isSafeInteger(index) || index < 0 ? undefined : ((byte >> (index % 8)) & 1) === 1
}

export interface ListToken {
  readonly uri: string
  readonly issuer: string
  readonly keyId: string
  /** Seconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** How long a copy may be kept, in seconds. */
  readonly ttl: number
}

/** @param deflate ZLIB (RFC 1950) */
export function signList(list: Uint8Array, token: ListToken, deflate: (bytes: Uint8Array) => Uint8Array, sign: (message: Uint8Array) => Uint8Array): string {
  const { uri, issuer, keyId, issuedAt, expiresAt, ttl } = token
  const payload = { iss: issuer, sub: uri, iat: issuedAt, exp: expiresAt, ttl, status_list: { bits: bitsEach, lst: toBase64url(deflate(list)) } }
  return signJws({ typ: statusListType, kid: keyId }, payload, sign)
}

/**
 * The status at an index of somebody's list: `true` for anything but valid. `undefined` when the list is not what it has to be.
 * @param inflate ZLIB; throws, or gives `undefined`, beyond `listBytesMax`
 */
export function readList(
  text: string,
  expected: { readonly uri: string; readonly index: number; readonly now: number },
  key: Jwk,
  verify: VerifyJws,
  inflate: (bytes: Uint8Array) => Uint8Array | undefined,
): boolean | undefined {
  const jws = parseJws(text)
  if (jws?.header.typ !== statusListType || !verifiesWith(jws, key, verify)) return undefined
  const { sub, exp, status_list } = jws.payload
  const { bits, lst } = (status_list ?? {}) as { bits?: unknown; lst?: unknown }
  if (sub !== expected.uri || (exp !== undefined && !(typeof exp === 'number' && exp > expected.now))) return undefined
  if (![1, 2, 4, 8].includes(bits as number) || typeof lst !== 'string') return undefined
  const packed = fromBase64url(lst)
  const list = packed === undefined ? undefined : inflate(packed)
  if (list === undefined) return undefined
  const width = bits as number
  const first = expected.index * width
  const values = Array.from({ length: width }, (_, at) => isSet(list, first + at))
  return values.includes(undefined) ? undefined : values.includes(true)
}
