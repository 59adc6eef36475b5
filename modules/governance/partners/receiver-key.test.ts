import { generateKeyPairSync } from 'node:crypto'
import type { Instant } from '@gatehouse/core/instant'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { describe, expect, it } from 'vitest'
import { partnersProblems } from './problems.ts'
import { readCertificate, readJwk } from './receiver-key.ts'
import { receiverCertificate, receiverThumbprint, weakCertificate } from './testing/certificates.ts'

const now = '2026-11-22T09:30:00.000Z' as Instant
const read = (pem: string, at = now) => readCertificate(nodePrimitives, pem, at)

const publicJwk = (pair: { publicKey: import('node:crypto').KeyObject }) => pair.publicKey.export({ format: 'jwk' }) as Record<string, unknown>

describe('a receiver certificate', () => {
  it.each([
    ['nothing', ''],
    ['no PEM', 'certificate'],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
    ['a chain', `${receiverCertificate}\n${receiverCertificate}`],
    ['a damaged one', receiverCertificate.replace('MII', 'MIX')],
    ['a weak key', weakCertificate],
  ])('is refused: %s', (_, pem) => {
    expect(read(pem)).toMatchObject({ outcome: 'refused', problem: partnersProblems.key_refused })
  })

  it('is refused with a private key beside it, saying that the key is disclosed', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = `${receiverCertificate}\n${privateKey.export({ format: 'pem', type: 'pkcs8' })}`
    expect(read(pem)).toMatchObject({ outcome: 'refused', problem: partnersProblems.private_key_sent })
  })

  it('is refused from the second in which it expires', () => {
    const known = read(receiverCertificate)
    const end = known.outcome === 'read' ? known.notAfter : null
    expect(end).toBe('2126-10-29T17:48:41.000Z')
    expect(read(receiverCertificate, end ?? now)).toMatchObject({ outcome: 'refused', detail: `the certificate expired on ${end}` })
    expect(read(receiverCertificate, '2126-10-29T17:48:40.999Z' as Instant).outcome).toBe('read')
  })

  it('is known by the SHA-256 of its DER', () => {
    expect(read(`\n${receiverCertificate}\n`)).toMatchObject({ outcome: 'read', kind: 'certificate', thumbprint: receiverThumbprint })
  })
})

// RFC 7638 section 3.1 and RFC 8037 appendix A.2, A.3.
const rsaOfRfc7638 = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
  alg: 'RS256',
  kid: '2011-04-29',
}
const ed25519OfRfc8037 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }

describe('a receiver JWK', () => {
  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])('is refused as disclosed with the private member %s', async (member) => {
    expect(await readJwk({ ...ed25519OfRfc8037, [member]: '' })).toMatchObject({ outcome: 'refused', problem: partnersProblems.private_key_sent })
  })

  it.each([
    ['no key', { kty: 'OKP' }],
    ['an unknown type', { kty: 'XYZ', x: 'AA' }],
    ['a short Ed25519 key', { ...ed25519OfRfc8037, x: 'AAAA' }],
    ['a key for agreement', publicJwk(generateKeyPairSync('x25519'))],
    ['P-384, which no DPoP proof here is signed with', publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }))],
    ['secp256k1', publicJwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))],
    ['a point off the curve', { kty: 'EC', crv: 'P-256', x: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE', y: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE' }],
    ['RSA of 1024 bits', publicJwk(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
  ])('is refused: %s', async (_, jwk) => {
    expect(await readJwk(jwk)).toMatchObject({ outcome: 'refused', problem: partnersProblems.key_refused })
  })

  it('is known by its RFC 7638 thumbprint', async () => {
    expect(await readJwk(rsaOfRfc7638)).toEqual({ outcome: 'read', kind: 'jwk', thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', notAfter: null })
    expect(await readJwk(ed25519OfRfc8037)).toMatchObject({ thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' })
  })

  it('has one thumbprint however it is spelt', async () => {
    const spelt = await readJwk({ ...ed25519OfRfc8037, x: `${ed25519OfRfc8037.x}=`, kid: 'mine', use: 'sig' })
    expect(spelt).toMatchObject({ thumbprint: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' })
  })
})
