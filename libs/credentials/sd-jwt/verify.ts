/**
 * Whether a presentation holds. The library unpacks the claims; everything that decides is asked here, in words: the issuer, the
 * disclosures, the holder's key, for whom and when the holder signed, the time, the type and the status.
 */
import { fromBase64url, toBase64url, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { SDJwtInstance } from '@sd-jwt/core'
import { readJwk } from '../did/did-web.ts'
import { credentialType, reservedClaims } from './issue.ts'
import { type Jwk, type Jws, parseJws, type VerifyJws, verifiesWith } from './jws.ts'

export const refusals = [
  'malformed',
  'type_refused',
  'issuer_unknown',
  'signature_invalid',
  'expired',
  'not_yet_valid',
  'duplicate_digest',
  'disclosure_invalid',
  'holder_key_missing',
  'key_binding_missing',
  'key_binding_invalid',
  'audience_mismatch',
  'nonce_mismatch',
  'too_old',
  'from_the_future',
  'claim_missing',
  'revoked',
  'status_unknown',
] as const
export type Refusal = (typeof refusals)[number]

export interface StatusReference {
  readonly uri: string
  readonly index: number
}

export interface Expected {
  /** Seconds since 1970. */
  readonly now: number
  readonly audience: string
  readonly nonce: string
  /** The types that are asked for. */
  readonly vcts: readonly string[]
  /** Claims that must be shown. */
  readonly claims: readonly string[]
  /** How old the holder's signature may be, in seconds. */
  readonly ageMax: number
}

export interface Surroundings {
  readonly primitives: Primitives
  readonly verify: VerifyJws
  /** The key of an issuer that is trusted here, by its `iss` and the `kid` of the header. */
  readonly issuerKey: (issuer: string, keyId: string | undefined) => Promise<Jwk | undefined>
  /** `undefined` when it could not be learned. */
  readonly isRevoked: (issuer: string, status: StatusReference) => Promise<boolean | undefined>
}

export type Verified =
  | {
      readonly outcome: 'proven'
      readonly issuer: string
      readonly vct: string
      readonly claims: Readonly<Record<string, unknown>>
      readonly holder: Jwk
      readonly expiresAt: number | undefined
    }
  | { readonly outcome: 'refused'; readonly reason: Refusal }

/** Clocks of wallets go wrong by this much. */
export const skewSeconds = 60
const disclosuresMax = 100

export async function verifyPresentation(compact: string, expected: Expected, around: Surroundings): Promise<Verified> {
  const refused = (reason: Refusal): Verified => ({ outcome: 'refused', reason })
  const parts = compact.split('~')
  const jws = parseJws(parts[0] ?? '')
  const binding = parts.at(-1) ?? ''
  const disclosures = parts.slice(1, -1)
  if (jws === undefined || parts.length < 2 || disclosures.length > disclosuresMax) return refused('malformed')
  const { iss, vct, exp, cnf, status } = jws.payload
  if (jws.header.typ !== credentialType || typeof vct !== 'string' || !expected.vcts.includes(vct)) return refused('type_refused')
  if (jws.payload._sd_alg !== undefined && jws.payload._sd_alg !== 'sha-256') return refused('malformed')

  const keyId = typeof jws.header.kid === 'string' ? jws.header.kid : undefined
  const issuerKey = typeof iss === 'string' ? await around.issuerKey(iss, keyId) : undefined
  if (typeof iss !== 'string' || issuerKey === undefined) return refused('issuer_unknown')
  if (!verifiesWith(jws, issuerKey, around.verify)) return refused('signature_invalid')
  const untimely = timeFault(jws.payload, expected.now)
  if (untimely !== undefined) return refused(untimely)

  const fault = disclosureFault(jws.payload, disclosures, around.primitives)
  if (fault !== undefined) return refused(fault)

  const holder = readJwk((cnf as { jwk?: unknown } | undefined)?.jwk)
  if (holder === undefined) return refused('holder_key_missing')
  if (binding === '') return refused('key_binding_missing')
  const bound = bindingFault(binding, compact.slice(0, -binding.length), holder, expected, around)
  if (bound !== undefined) return refused(bound)

  const claims = await unpack(compact, around.primitives)
  if (claims === undefined) return refused('disclosure_invalid')
  if (!expected.claims.every((name) => claims[name] !== undefined)) return refused('claim_missing')

  const revoked = await statusFault(iss, status, around)
  if (revoked !== undefined) return refused(revoked)
  return { outcome: 'proven', issuer: iss, vct, claims, holder, expiresAt: typeof exp === 'number' ? exp : undefined }
}

function timeFault({ exp, nbf, iat }: Jws['payload'], now: number): Refusal | undefined {
  if ([exp, nbf, iat].some((time) => time !== undefined && !Number.isSafeInteger(time))) return 'malformed'
  if (typeof exp === 'number' && exp <= now - skewSeconds) return 'expired'
  return Math.max(Number(nbf ?? 0), Number(iat ?? 0)) > now + skewSeconds ? 'not_yet_valid' : undefined
}

/** A credential without a status cannot be revoked; one whose status cannot be learned is not taken. */
async function statusFault(issuer: string, status: unknown, { isRevoked }: Surroundings): Promise<Refusal | undefined> {
  if (status === undefined) return undefined
  const { idx, uri } = (status as { status_list?: { idx?: unknown; uri?: unknown } } | null)?.status_list ?? {}
  if (typeof idx !== 'number' || !Number.isSafeInteger(idx) || idx < 0 || typeof uri !== 'string') return 'status_unknown'
  const revoked = await isRevoked(issuer, { uri, index: idx })
  if (revoked === undefined) return 'status_unknown'
  return revoked ? 'revoked' : undefined
}

/** The holder's signature: over exactly this presentation, for this verifier, for this request, and just now. */
function bindingFault(text: string, presented: string, holder: Jwk, expected: Expected, { primitives, verify }: Surroundings): Refusal | undefined {
  const binding = parseJws(text)
  if (binding?.header.typ !== 'kb+jwt' || !verifiesWith(binding, holder, verify)) return 'key_binding_invalid'
  const { aud, nonce, iat, sd_hash } = binding.payload
  const same = (left: unknown, right: string) => typeof left === 'string' && primitives.equal(utf8(left), utf8(right))
  if (!same(sd_hash, toBase64url(primitives.sha256(utf8(presented))))) return 'key_binding_invalid'
  if (!same(aud, expected.audience)) return 'audience_mismatch'
  if (!same(nonce, expected.nonce)) return 'nonce_mismatch'
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) return 'key_binding_invalid'
  if (iat < expected.now - expected.ageMax) return 'too_old'
  return iat > expected.now + skewSeconds ? 'from_the_future' : undefined
}

/**
 * RFC 9901 section 7.1: no digest stands twice, every disclosure belongs to exactly one digest, none speaks of a name of the
 * envelope or of a claim that is already there.
 */
function disclosureFault(payload: Jws['payload'], disclosures: readonly string[], primitives: Primitives): Refusal | undefined {
  const digests: string[] = []
  collectDigests(payload, digests)
  const opened = new Map<string, unknown[]>()
  for (const text of disclosures) {
    const disclosure = readDisclosure(text)
    const digest = toBase64url(primitives.sha256(utf8(text)))
    if (disclosure === undefined || opened.has(digest)) return 'disclosure_invalid'
    opened.set(digest, disclosure)
    collectDigests(disclosure.at(-1), digests)
  }
  if (new Set(digests).size !== digests.length) return 'duplicate_digest'
  const known = new Set(digests)
  const names: unknown[] = []
  for (const [digest, disclosure] of opened) {
    if (!known.has(digest)) return 'disclosure_invalid'
    if (disclosure.length === 3) names.push(disclosure[1])
  }
  const taken = names.some((name) => typeof name !== 'string' || reservedClaims.has(name) || Object.hasOwn(payload, name))
  return taken || new Set(names).size !== names.length ? 'disclosure_invalid' : undefined
}

function readDisclosure(text: string): unknown[] | undefined {
  const bytes = fromBase64url(text)
  const json = bytes === undefined ? undefined : utf8Text(bytes)
  try {
    const value: unknown = JSON.parse(json ?? '')
    return Array.isArray(value) && (value.length === 2 || value.length === 3) && typeof value[0] === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

const depthMax = 20

function collectDigests(value: unknown, found: string[], depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > depthMax) return
  for (const [name, inner] of Object.entries(value)) {
    if (name === '_sd' && Array.isArray(inner)) found.push(...inner.filter((digest) => typeof digest === 'string'))
    else if (name === '...' && typeof inner === 'string') found.push(inner)
    else collectDigests(inner, found, depth + 1)
  }
}

async function unpack(compact: string, primitives: Primitives): Promise<Record<string, unknown> | undefined> {
  const instance = new SDJwtInstance({
    hasher: (data) => primitives.sha256(typeof data === 'string' ? utf8(data) : new Uint8Array(data)),
    hashAlg: 'sha-256',
  })
  try {
    const all = (await instance.getClaims(compact)) as Record<string, unknown>
    return Object.fromEntries(Object.entries(all).filter(([name]) => !reservedClaims.has(name)))
  } catch {
    return undefined
  }
}
