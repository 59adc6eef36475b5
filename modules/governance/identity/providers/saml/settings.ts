/** What is entered of a provider that speaks SAML 2.0. */
import { X509Certificate } from 'node:crypto'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { z } from 'zod'
import { problems } from '../../problems.ts'

export const samlLimits = {
  /** Several, so that a new one is known before the provider signs by it. */
  certificates: 5,
  certificateCharacters: 8_000,
  metadataCharacters: 200_000,
  /** What an answer may weigh, in base64. */
  responseCharacters: 400_000,
  /** How far two clocks may be apart. */
  skewSeconds: 60,
  /** Until the browser that came with a response hands its handle in. */
  heldSeconds: 120,
  modulusBitsMin: 2048,
  ownKeyDays: 3650,
} as const

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Browsers are sent there, so it is https, or a machine's own. */
const place = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => text.startsWith('https:') || loopback.has(new URL(text).hostname), 'an https address')

export const signedParts = ['either', 'assertion', 'response', 'both'] as const

export const samlInput = z.strictObject({
  /** Where people are sent to sign in: SingleSignOnService, HTTP-Redirect. */
  entry_point: place,
  /** Where they are sent to sign out: SingleLogoutService, HTTP-Redirect. */
  logout_url: place.nullable().default(null),
  /** What it signs by, as PEM or as they stand in its metadata. */
  certificates: z.array(z.string().trim().min(1).max(samlLimits.certificateCharacters)).min(1).max(samlLimits.certificates),
  /** What of an answer must be signed. An encrypted assertion is taken from a signed response only. */
  signed: z.enum(signedParts).default('either'),
  /** Whether requests to sign in are signed; those to sign out always are. */
  signs_requests: z.boolean().default(false),
  /** The attribute that names somebody for good, where the NameID does not. */
  subject_attribute: z.string().trim().min(1).max(200).nullable().default(null),
})

export interface SamlSettings extends z.output<typeof samlInput> {
  /** Of the key by which the node signs requests and opens what is encrypted; the key itself lies in the store of secrets. */
  readonly own_certificate: string
}

/** @returns PEM. @throws Problem where it is none, or of a key that proves too little */
export function checkedCertificate(text: string): string {
  const certificate = certificateOf(text)
  if (certificate === undefined) throw new Problem(problems.provider_unfit, 'one of the certificates cannot be read')
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey
  if (type !== 'rsa') throw new Problem(problems.provider_unfit, `a certificate is of an ${type ?? 'unknown'} key; signatures are taken of RSA keys`)
  if ((details?.modulusLength ?? 0) < samlLimits.modulusBitsMin)
    throw new Problem(problems.provider_unfit, `the key of a certificate has fewer than ${samlLimits.modulusBitsMin} bits`)
  return certificate.toString()
}

function certificateOf(text: string): X509Certificate | undefined {
  const base64 = text.replace(/-----(BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) return undefined
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}

export interface CertificateFacts {
  readonly pem: string
  readonly fingerprint: string
  readonly ends_at: Instant
}

export function certificateFacts(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem)
  return { pem, fingerprint: certificate.fingerprint256, ends_at: instantOf(new Date(certificate.validTo).getTime()) }
}

/** One that has ended proves nothing any more. */
export const standing = (certificates: readonly string[], nowMs: number) =>
  certificates.filter((pem) => new Date(new X509Certificate(pem).validTo).getTime() > nowMs)
