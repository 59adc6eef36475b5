/**
 * Reads the public key that a receiver will prove, and gives the thumbprint it is known by: the SHA-256 of a certificate's DER
 * (RFC 8705 section 3.1, `x5t#S256`), or the JWK thumbprint (RFC 7638) that DPoP names (RFC 9449 section 6.1, `jkt`).
 */
import { createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import type { ProblemKind } from '@gatehouse/core/problem'
import { toBase64url } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { partnersProblems } from './problems.ts'
import type { ReceiverKeyKind } from './schema.ts'

export interface ReadKey {
  readonly outcome: 'read'
  readonly kind: ReceiverKeyKind
  readonly thumbprint: string
  readonly notAfter: Instant | null
}

export interface RefusedKey {
  readonly outcome: 'refused'
  readonly problem: ProblemKind
  readonly detail: string
}

const rsaBitsMin = 2048
/** DPoP proofs are signed with ES256, EdDSA or an RSA algorithm; institutions' certificates also come on P-384. */
const curves = { jwk: ['prime256v1'], certificate: ['prime256v1', 'secp384r1'] }

const refused = (detail: string, problem = partnersProblems.key_refused): RefusedKey => ({ outcome: 'refused', problem, detail })

export function readCertificate(primitives: Primitives, pem: string, now: Instant): ReadKey | RefusedKey {
  if (/PRIVATE KEY-----/.test(pem)) return refused('the PEM text contains a private key', partnersProblems.private_key_sent)
  const blocks = pem.match(/-----BEGIN /g)?.length ?? 0
  if (blocks !== 1 || !pem.includes('-----BEGIN CERTIFICATE-----'))
    return refused(`one block "BEGIN CERTIFICATE" is needed, and the text has ${blocks} blocks; send the receiver's own certificate without its chain`)
  const certificate = attempt(() => new X509Certificate(pem))
  const key = certificate && attempt(() => certificate.publicKey)
  if (certificate === undefined || key === undefined) return refused('the certificate cannot be read')
  const weakness = weaknessOf(key, 'certificate')
  if (weakness !== undefined) return refused(weakness)
  const notAfter = instantOf(Date.parse(certificate.validTo))
  if (notAfter <= now) return refused(`the certificate expired on ${notAfter}`)
  return { outcome: 'read', kind: 'certificate', thumbprint: toBase64url(primitives.sha256(certificate.raw)), notAfter }
}

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

export async function readJwk(jwk: Readonly<Record<string, unknown>>): Promise<ReadKey | RefusedKey> {
  if (privateMembers.some((name) => name in jwk)) return refused('the JWK has private members', partnersProblems.private_key_sent)
  const key = attempt(() => createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }))
  if (key === undefined) return refused('the JWK is no public key that can be read')
  const weakness = weaknessOf(key, 'jwk')
  if (weakness !== undefined) return refused(weakness)
  // From the key and not from what was sent: one key has many spellings, and the thumbprint must be that of the usual one.
  const thumbprint = await calculateJwkThumbprint(key.export({ format: 'jwk' }) as JWK)
  return { outcome: 'read', kind: 'jwk', thumbprint, notAfter: null }
}

function weaknessOf(key: KeyObject, kind: ReceiverKeyKind): string | undefined {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return undefined
    case 'ec':
      return curves[kind].includes(namedCurve ?? '') ? undefined : `the curve ${namedCurve} is not taken`
    case 'rsa':
      return modulusLength >= rsaBitsMin ? undefined : `the RSA key has ${modulusLength} bits; at least ${rsaBitsMin} are needed`
    default:
      return `keys of the type ${key.asymmetricKeyType} are not taken`
  }
}

/** OpenSSL throws for whatever it cannot read; its words name its own sources and help nobody outside. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
