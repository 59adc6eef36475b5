/**
 * Checks a time-stamp token (RFC 3161 section 2.4.2, RFC 5816) from the authority's certificate down to the imprint. Everything is
 * asked: the type of the content, its digest among the signed attributes, the signature, the certificate that the signature names,
 * its one purpose, and its way to an authority that the operator named.
 */
import { createHash, verify, X509Certificate } from 'node:crypto'
import { ContentInfo, SignedData, type SignerInfo } from '@peculiar/asn1-cms'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { TSTInfo } from '@peculiar/asn1-tsp'
import { Certificate } from '@peculiar/asn1-x509'
import { sha256Oid } from './request.ts'

const signedDataOid = '1.2.840.113549.1.7.2'
const tstInfoOid = '1.2.840.113549.1.9.16.1.4'
const contentTypeOid = '1.2.840.113549.1.9.3'
const messageDigestOid = '1.2.840.113549.1.9.4'
const signingCertificateOids = ['1.2.840.113549.1.9.16.2.12', '1.2.840.113549.1.9.16.2.47']
const timeStampingOid = '1.3.6.1.5.5.7.3.8'
const extendedKeyUsageOid = '2.5.29.37'
const digests = new Map([
  [sha256Oid, 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
])
const chainMax = 6

export interface TokenExpectation {
  readonly imprint: Uint8Array
  /** Where the request is at hand. */
  readonly nonce?: Uint8Array
  readonly policy?: string | undefined
  /** PEM of the authorities. */
  readonly roots: readonly string[]
}

export type TokenVerdict =
  | { readonly outcome: 'valid'; readonly time: Date; readonly serial: string; readonly policy: string; readonly authority: string }
  | { readonly outcome: 'refused'; readonly reason: string }

/** Thrown inside and turned into an outcome. */
class TokenFault extends Error {}

export function verifyToken(token: Uint8Array, expected: TokenExpectation): TokenVerdict {
  try {
    return check(token, expected)
  } catch (error) {
    return { outcome: 'refused', reason: error instanceof TokenFault ? error.message : 'the token cannot be read' }
  }
}

function check(token: Uint8Array, expected: TokenExpectation): TokenVerdict {
  const outer = AsnConvert.parse(token, ContentInfo)
  demand(outer.contentType === signedDataOid, 'the token is no signed data')
  const signed = AsnConvert.parse(outer.content, SignedData)
  demand(signed.encapContentInfo.eContentType === tstInfoOid, 'what is signed is no time stamp')
  const content = signed.encapContentInfo.eContent?.single?.buffer
  if (content === undefined) throw new TokenFault('the token holds no content')
  const [signer, ...others] = signed.signerInfos
  if (signer === undefined || others.length > 0) throw new TokenFault('a time stamp has exactly one signer')

  const certificates = [...(signed.certificates ?? [])].flatMap(({ certificate }) =>
    certificate === undefined ? [] : [new X509Certificate(Buffer.from(AsnConvert.serialize(certificate)))],
  )
  const own = certificates.find((each) => isSigner(signer, each))
  if (own === undefined) throw new TokenFault('the certificate of the signer is missing')
  checkSignature(signer, own, content)

  const info = AsnConvert.parse(content, TSTInfo)
  demand(info.messageImprint.hashAlgorithm.algorithm === sha256Oid, 'the imprint is not of SHA-256')
  demand(same(info.messageImprint.hashedMessage.buffer, expected.imprint), 'the time stamp is of something else')
  if (expected.nonce !== undefined) demand(info.nonce !== undefined && same(info.nonce, expected.nonce), 'the answer is to another request (nonce)')
  if (expected.policy !== undefined) demand(info.policy === expected.policy, 'the time stamp was made under another policy')
  checkPurpose(own)
  const authority = chain(own, certificates, expected.roots, info.genTime)
  return { outcome: 'valid', time: info.genTime, serial: Buffer.from(info.serialNumber).toString('hex'), policy: info.policy, authority }
}

function checkSignature(signer: SignerInfo, own: X509Certificate, content: ArrayBuffer): void {
  const digest = digests.get(signer.digestAlgorithm.algorithm)
  if (digest === undefined) throw new TokenFault('the signature uses a digest that is not taken: SHA-256, SHA-384 and SHA-512 are')
  const { signedAttrs = [] } = signer
  const attribute = (...types: string[]) => signedAttrs.find(({ attrType }) => types.includes(attrType))?.attrValues[0]
  const typeValue = attribute(contentTypeOid)
  demand(typeValue !== undefined && Buffer.from(typeValue).equals(encodedOid(tstInfoOid)), 'the signed type is not that of a time stamp')
  const digestValue = attribute(messageDigestOid)
  if (digestValue === undefined) throw new TokenFault('the signature covers no digest of the content')
  demand(
    same(AsnConvert.parse(digestValue, OctetString).buffer, createHash(digest).update(Buffer.from(content)).digest()),
    'the content is not what was signed',
  )
  const names = attribute(...signingCertificateOids)
  demand(names !== undefined && namesCertificate(Buffer.from(names), own), 'the signature names another certificate')
  // Signed as a SET in DER, though it stands in the token under an implicit tag (RFC 5652 section 5.4).
  const attributes = setOf(signedAttrs.map((each) => Buffer.from(AsnConvert.serialize(each))))
  const ed = own.publicKey.asymmetricKeyType === 'ed25519'
  demand(verify(ed ? null : digest, attributes, own.publicKey, Buffer.from(signer.signature.buffer)), 'the signature is wrong')
}

/** ESSCertID (SHA-1) and ESSCertIDv2 (SHA-256 unless said otherwise) both begin with or hold the digest of the certificate. */
function namesCertificate(value: Buffer, own: X509Certificate): boolean {
  return ['sha256', 'sha384', 'sha512', 'sha1'].some((name) => {
    const digest = createHash(name).update(own.raw).digest()
    return value.includes(Buffer.concat([Buffer.from([0x04, digest.length]), digest]))
  })
}

function isSigner({ sid }: SignerInfo, certificate: X509Certificate): boolean {
  const name = sid.issuerAndSerialNumber
  if (name === undefined) return false
  const { tbsCertificate } = AsnConvert.parse(certificate.raw, Certificate)
  return (
    same(tbsCertificate.serialNumber, new Uint8Array(name.serialNumber)) &&
    same(AsnConvert.serialize(tbsCertificate.issuer), new Uint8Array(AsnConvert.serialize(name.issuer)))
  )
}

/** One purpose only, and marked critical (RFC 3161 section 2.3). */
function checkPurpose(own: X509Certificate): void {
  demand(own.keyUsage?.length === 1 && own.keyUsage[0] === timeStampingOid, 'the certificate is not for time stamps and nothing else')
  const { extensions = [] } = AsnConvert.parse(own.raw, Certificate).tbsCertificate
  demand(extensions.find(({ extnID }) => extnID === extendedKeyUsageOid)?.critical === true, 'the certificate does not mark its purpose as critical')
}

/** From the signer to one of the roots, each valid when the time was stamped. */
function chain(own: X509Certificate, others: readonly X509Certificate[], roots: readonly string[], time: Date): string {
  const trusted = roots.map((pem) => new X509Certificate(pem))
  const validThen = (each: X509Certificate) => time >= new Date(each.validFrom) && time <= new Date(each.validTo)
  let current = own
  for (let step = 0; step < chainMax; step++) {
    demand(validThen(current), 'a certificate was not valid when the time was stamped')
    if (trusted.some((root) => root.raw.equals(current.raw))) return current.subject
    const issued = (by: X509Certificate) => by.ca && current.checkIssued(by) && current.verify(by.publicKey)
    const root = trusted.find(issued)
    if (root !== undefined) {
      demand(validThen(root), 'the authority’s certificate was not valid when the time was stamped')
      return root.subject
    }
    const next = others.find((by) => by !== current && issued(by))
    if (next === undefined) break
    current = next
  }
  throw new TokenFault('the certificate does not come from an authority that this target trusts')
}

function setOf(parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const length = value.length < 0x80 ? [value.length] : value.length < 0x100 ? [0x81, value.length] : [0x82, value.length >>> 8, value.length & 0xff]
  return Buffer.concat([Buffer.from([0x31, ...length]), value])
}

function encodedOid(oid: string): Buffer {
  const parts = oid.split('.').map(Number)
  const [first = 0, second = 0, ...rest] = parts
  const bytes = [first * 40 + second, ...rest.flatMap(septets)]
  return Buffer.from([0x06, bytes.length, ...bytes])
}

function septets(value: number): number[] {
  const found = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) found.unshift((rest % 128) | 0x80)
  return found
}

const same = (left: ArrayBuffer, right: Uint8Array): boolean => Buffer.from(left).equals(right)

function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new TokenFault(otherwise)
}
