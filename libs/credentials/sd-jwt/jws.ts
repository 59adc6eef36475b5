/** Compact JWS (RFC 7515), read strictly: three parts, one way to write each, and two algorithms. */
import { fromBase64url, toBase64url, utf8, utf8Text } from '@gatehouse/crypto/bytes'

export type Jwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }

/** `none` and everything symmetric are not among them. */
export type JwsAlgorithm = 'EdDSA' | 'ES256'

/** Whether the signature over the bytes is the key's. The key is of the algorithm's kind. */
export type VerifyJws = (algorithm: JwsAlgorithm, key: Jwk, signed: Uint8Array, signature: Uint8Array) => boolean

export interface Jws {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  readonly algorithm: JwsAlgorithm
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

export const jwsMax = 65_536

/** `undefined` for anything that is not a compact JWS with a JSON object inside and an algorithm that is taken. */
export function parseJws(text: string): Jws | undefined {
  if (text.length > jwsMax) return undefined
  const [head, body, end, ...more] = text.split('.')
  if (head === undefined || body === undefined || end === undefined || more.length > 0) return undefined
  const [header, payload, signature] = [jsonObject(head), jsonObject(body), fromBase64url(end)]
  if (header === undefined || payload === undefined || signature?.length !== 64) return undefined
  const { alg, crit } = header
  if ((alg !== 'EdDSA' && alg !== 'ES256') || crit !== undefined) return undefined
  return { header, payload, algorithm: alg, signed: utf8(`${head}.${body}`), signature }
}

export function verifiesWith(jws: Jws, key: Jwk, verify: VerifyJws): boolean {
  return (jws.algorithm === 'EdDSA') === (key.kty === 'OKP') && verify(jws.algorithm, key, jws.signed, jws.signature)
}

/** @param sign Ed25519 */
export function signJws(
  header: Readonly<Record<string, unknown>>,
  payload: Readonly<Record<string, unknown>>,
  sign: (message: Uint8Array) => Uint8Array,
): string {
  const text = `${encode({ alg: 'EdDSA', ...header })}.${encode(payload)}`
  return `${text}.${toBase64url(sign(utf8(text)))}`
}

function encode(value: object): string {
  return toBase64url(utf8(JSON.stringify(value)))
}

export function jsonObject(base64url: string): Record<string, unknown> | undefined {
  const bytes = fromBase64url(base64url)
  const text = bytes === undefined ? undefined : utf8Text(bytes)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
