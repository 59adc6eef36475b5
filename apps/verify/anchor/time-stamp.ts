/** A time stamp (RFC 3161): that an authority signed, at a time, that some bytes existed. */
import { createHash, verify, X509Certificate } from 'node:crypto'
import { same } from '../encoding.ts'
import { Fault } from '../report.ts'
import { bytesOf, children, DerError, type Node, oid, readAll, readOne, time } from './der.ts'

const digests: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
const names = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: ['1.2.840.113549.1.9.16.2.12', '1.2.840.113549.1.9.16.2.47'],
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
}
const chainMax = 6

export interface TimeStamp {
  readonly time: string
  readonly authority: string
}

/** @param given a token, or a response with one (.tsr) @throws Fault */
export function verifyTimeStamp(given: Uint8Array, stamped: Uint8Array, roots: readonly X509Certificate[], place: string): TimeStamp {
  try {
    return check(tokenOf(given), stamped, roots, (holds, otherwise) => {
      if (!holds) throw new Fault(place, otherwise)
    })
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault(place, `the time stamp is malformed: ${error instanceof DerError ? error.message : 'it cannot be read'}`)
  }
}

function tokenOf(bytes: Uint8Array): Node {
  const outer = readOne(bytes)
  const [first, second] = children(outer, 0x30)
  if (first?.tag === 0x06) return outer
  const status = bytesOf(children(first, 0x30)[0], 0x02)
  if (status.length !== 1 || (status[0] as number) > 1 || second === undefined) throw new DerError('the authority refused the request')
  return second
}

function check(token: Node, stamped: Uint8Array, roots: readonly X509Certificate[], demand: (holds: boolean, otherwise: string) => void): TimeStamp {
  const [type, wrapped] = children(token, 0x30)
  demand(oid(type) === names.signedData, 'it is no signed data')
  const [, , encapsulated, ...rest] = children(children(wrapped, 0xa0)[0], 0x30)
  const [contentType, contentWrapped] = children(encapsulated, 0x30)
  demand(oid(contentType) === names.tstInfo, 'what is signed is no time stamp')
  const content = bytesOf(children(contentWrapped, 0xa0)[0], 0x04)
  const certificates = rest.filter(({ tag }) => tag === 0xa0).flatMap(({ value }) => readAll(value).map(({ whole }) => whole))
  const signers = children(rest.at(-1), 0x31)
  demand(signers.length === 1, 'it has not exactly one signer')

  const [, signerId, digestAlgorithm, attributes, , signature] = children(signers[0], 0x30)
  const own = certificates.find((each) => isSigner(each, signerId))
  if (own === undefined) throw new DerError('the certificate of the signer is missing')
  const certificate = new X509Certificate(own)

  const digest = digests[oid(children(digestAlgorithm, 0x30)[0])]
  if (digest === undefined) throw new DerError('the digest is not SHA-256, SHA-384 or SHA-512')
  if (attributes?.tag !== 0xa0) throw new DerError('it has no signed attributes')
  const values = new Map(
    readAll(attributes.value).map((attribute) => {
      const [kind, set] = children(attribute, 0x30)
      return [oid(kind), children(set, 0x31)[0]]
    }),
  )
  demand(oid(values.get(names.contentType)) === names.tstInfo, 'the signed type is not that of a time stamp')
  demand(same(bytesOf(values.get(names.messageDigest), 0x04), createHash(digest).update(content).digest()), 'the content is not what was signed')
  const named = names.signingCertificate.map((name) => values.get(name)).find((each) => each !== undefined)
  demand(named !== undefined && namesCertificate(named.whole, own), 'the signature names another certificate')
  const signedBytes = Uint8Array.from(attributes.whole)
  signedBytes[0] = 0x31
  const algorithm = certificate.publicKey.asymmetricKeyType === 'ed25519' ? null : digest
  demand(verify(algorithm, signedBytes, certificate.publicKey, bytesOf(signature, 0x04)), 'the signature is wrong')

  const [, , imprint, , at] = children(readOne(content), 0x30)
  const [imprintAlgorithm, hashed] = children(imprint, 0x30)
  const imprintDigest = digests[oid(children(imprintAlgorithm, 0x30)[0])]
  demand(imprintDigest !== undefined && same(bytesOf(hashed, 0x04), createHash(imprintDigest).update(stamped).digest()), 'it is a time stamp of something else')
  demand(isForTimeStamps(own), 'the certificate is not for time stamps, and nothing else')
  const stampedAt = time(at)
  const authority = climbTo(
    certificate,
    certificates.map((each) => new X509Certificate(each)),
    roots,
    stampedAt,
  )
  demand(authority !== undefined, 'its certificate does not come, valid at that time, from an authority among the roots')
  return { time: stampedAt.toISOString(), authority: authority ?? '' }
}

/** version [0], serial, signature, issuer, …, extensions [3]. */
function certificateParts(bytes: Uint8Array): Node[] {
  const parts = children(children(readOne(bytes), 0x30)[0], 0x30)
  return parts[0]?.tag === 0xa0 ? parts.slice(1) : parts
}

function isSigner(certificate: Uint8Array, signerId: Node | undefined): boolean {
  const [issuer, serial] = children(signerId, 0x30)
  const [ownSerial, , ownIssuer] = certificateParts(certificate)
  return (
    issuer !== undefined &&
    serial !== undefined &&
    same(ownSerial?.whole ?? new Uint8Array(0), serial.whole) &&
    same(ownIssuer?.whole ?? new Uint8Array(0), issuer.whole)
  )
}

function isForTimeStamps(certificate: Uint8Array): boolean {
  const extensions = certificateParts(certificate).find(({ tag }) => tag === 0xa3)
  const usage = children(children(extensions, 0xa3)[0], 0x30)
    .map((extension) => children(extension, 0x30))
    .find(([name]) => oid(name) === names.extendedKeyUsage)
  const [, critical, value] = usage ?? []
  if (critical?.tag !== 0x01 || critical.value[0] !== 0xff) return false
  const purposes = children(readOne(bytesOf(value, 0x04)), 0x30).map(oid)
  return purposes.length === 1 && purposes[0] === names.timeStamping
}

/** The digest in ESSCertID or ESSCertIDv2, as an octet string. */
function namesCertificate(value: Uint8Array, certificate: Uint8Array): boolean {
  return ['sha256', 'sha384', 'sha512', 'sha1'].some((name) => {
    const digest = createHash(name).update(certificate).digest()
    return Buffer.from(value).includes(Buffer.concat([Uint8Array.of(0x04, digest.length), digest]))
  })
}

function climbTo(own: X509Certificate, others: readonly X509Certificate[], roots: readonly X509Certificate[], at: Date): string | undefined {
  const validThen = (each: X509Certificate) => at >= new Date(each.validFrom) && at <= new Date(each.validTo)
  let current = own
  for (let step = 0; step < chainMax; step++) {
    if (!validThen(current)) return undefined
    const issued = (by: X509Certificate) => by.ca && current.checkIssued(by) && current.verify(by.publicKey)
    const root = roots.find((each) => each.raw.equals(current.raw) || issued(each))
    if (root !== undefined) return validThen(root) ? root.subject.replaceAll('\n', ', ') : undefined
    const next = others.find((by) => by !== current && issued(by))
    if (next === undefined) return undefined
    current = next
  }
  return undefined
}
