/**
 * Certificates of the node. Without files from the operator the node is its own authority: it makes one key and certificate,
 * keeps them in its home, and prints the fingerprint so that partners can pin it.
 */
import { createHash, X509Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { fingerprintOf, makeCertificate, type TlsIdentity } from '../base/certificate.ts'

const renewDays = 30

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
    if (new Date(new X509Certificate(cert).validTo).getTime() - nowMs > renewDays * 86_400_000) return { cert, key, fingerprint: fingerprintOf(cert) }
  }
  const made = await makeCertificate(names, nowMs)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, `${made.cert}\n${made.key}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return made
}

/**
 * The thumbprint (RFC 8705: base64url of SHA-256 over the DER) of the client's certificate. TLS has proven that the client holds
 * its key; whether the certificate is known is asked behind the door, against the registered thumbprints.
 */
export function thumbprintOf(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerCertificate()
  return certificate?.raw === undefined ? undefined : createHash('sha256').update(certificate.raw).digest('base64url')
}
