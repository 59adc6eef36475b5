/** Self-signed certificates: of the node, of its key towards a provider, of a partner's key. */
import { createHash, webcrypto } from 'node:crypto'
// x509's container of implementations needs it before its own code runs.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

export interface TlsIdentity {
  readonly cert: string
  readonly key: string
  /** SHA-256 of the certificate, as upper-case hexadecimal pairs with colons: what `openssl x509 -fingerprint` prints. */
  readonly fingerprint: string
}

const validDays = 825
/** Of IPv4, or of IPv6: no host name has a colon. */
const address = /^\d+(\.\d+){3}$|:/
const algorithms = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  /** For those who know nothing else, and to encrypt to. */
  rsa: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
} as const

interface Making {
  readonly kind?: keyof typeof algorithms
  readonly days?: number
}

/** A self-signed certificate, for servers (the node) and clients (a partner's key, tests). */
export async function makeCertificate(
  names: readonly string[],
  nowMs: number,
  commonName = 'gatehouse',
  { kind = 'ec', days = validDays }: Making = {},
): Promise<TlsIdentity> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[1])
  const keys = (await webcrypto.subtle.generateKey(algorithms[kind], true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore: new Date(nowMs - 300_000),
    notAfter: new Date(nowMs + days * 86_400_000),
    signingAlgorithm: algorithms[kind],
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | (kind === 'rsa' ? x509.KeyUsageFlags.keyEncipherment : 0), true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(
        [...new Set(names)].map((name) => ({ type: address.test(name) ? ('ip' as const) : ('dns' as const), value: name })),
      ),
    ],
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const cert = certificate.toString('pem')
  return { cert, key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----`, fingerprint: fingerprintOf(cert) }
}

export function fingerprintOf(pem: string): string {
  const der = Buffer.from(new x509.X509Certificate(pem).rawData)
  return (createHash('sha256').update(der).digest('hex').toUpperCase().match(/../g) ?? []).join(':')
}
