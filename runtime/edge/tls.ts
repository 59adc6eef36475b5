/**
 * Certificates of the node. Without files from the operator the node is its own authority: it makes one key and certificate,
 * keeps them in its home, and prints the fingerprint so that partners can pin it.
 */
import { createHash, webcrypto } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { dirname } from 'node:path'
import type { TLSSocket } from 'node:tls'
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
const renewDays = 30
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Reads the operator's files. */
export async function tlsFromFiles(files: { certFile: string; keyFile: string }): Promise<TlsIdentity> {
  const [cert, key] = await Promise.all([readFile(files.certFile, 'utf8'), readFile(files.keyFile, 'utf8')])
  return { cert, key, fingerprint: fingerprintOf(cert) }
}

/**
 * Reads the node's own certificate, or makes one when there is none, or it ends within 30 days.
 * @param names host names and addresses that the certificate is good for
 */
export async function ownTls(path: string, names: readonly string[], nowMs: number): Promise<TlsIdentity> {
  const known = await readFile(path, 'utf8').catch(() => undefined)
  if (known !== undefined) {
    const [cert = '', key = ''] = known.split(/(?=-----BEGIN PRIVATE KEY-----)/)
    if (new x509.X509Certificate(cert).notAfter.getTime() - nowMs > renewDays * 86_400_000) return { cert, key, fingerprint: fingerprintOf(cert) }
  }
  const made = await makeCertificate(names, nowMs)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, `${made.cert}\n${made.key}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return made
}

/** A self-signed certificate, for servers (the node) and clients (a partner's key, tests). */
export async function makeCertificate(names: readonly string[], nowMs: number, commonName = 'gatehouse'): Promise<TlsIdentity> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[1])
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore: new Date(nowMs - 300_000),
    notAfter: new Date(nowMs + validDays * 86_400_000),
    signingAlgorithm: algorithm,
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(
        [...new Set(names)].map((name) => ({ type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name })),
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

/**
 * The thumbprint (RFC 8705: base64url of SHA-256 over the DER) of the client's certificate. TLS has proven that the client holds
 * its key; whether the certificate is known is asked behind the door, against the registered thumbprints.
 */
export function thumbprintOf(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerCertificate()
  return certificate?.raw === undefined ? undefined : createHash('sha256').update(certificate.raw).digest('base64url')
}
