import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { verifyProof } from './dpop.ts'

const url = 'https://node.example.org/v1/releases/redeem'
const nowMs = Date.UTC(2026, 10, 22, 9, 30)
const iat = nowMs / 1000
let privateKey: CryptoKey
let publicJwk: JWK
let privateJwk: JWK
beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  privateKey = pair.privateKey
  publicJwk = await exportJWK(pair.publicKey)
  privateJwk = await exportJWK(pair.privateKey)
})

interface Parts {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
}
async function proof({ claims = {}, header = {} }: Parts = {}): Promise<string> {
  return new SignJWT({ jti: 'proof-1', htm: 'POST', htu: url, iat, ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk, ...header })
    .sign(privateKey)
}
const check = async (text: string, more: { method?: string; url?: string; accessToken?: string; nowMs?: number } = {}) =>
  verifyProof(nodePrimitives, { proof: text, method: 'POST', url, nowMs, ...more })

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('verifyProof refuses', () => {
  it.each<[string, Parts]>([
    ['another method', { claims: { htm: 'GET' } }],
    ['another path', { claims: { htu: 'https://node.example.org/v1/releases' } }],
    ['another host', { claims: { htu: 'https://evil.example/v1/releases/redeem' } }],
    ['no address at all', { claims: { htu: 'not an address' } }],
    ['an old proof', { claims: { iat: iat - 66 } }],
    ['a proof from the future', { claims: { iat: iat + 6 } }],
    ['a proof without time', { claims: { iat: undefined } }],
    ['a proof without id', { claims: { jti: undefined } }],
    ['an endless id', { claims: { jti: 'x'.repeat(257) } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['a proof without a key', { header: { jwk: undefined } }],
  ])('%s', async (_name, parts) => {
    expect(await check(await proof(parts))).toBeUndefined()
  })

  it('a key with its private half', async () => {
    expect(await check(await proof({ header: { jwk: privateJwk } }))).toBeUndefined()
  })

  it('a proof signed by another key than the one it shows', async () => {
    const other = await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey)
    expect(await check(await proof({ header: { jwk: other } }))).toBeUndefined()
  })

  it('no signature', async () => {
    const unsigned = `${part({ typ: 'dpop+jwt', alg: 'none', jwk: publicJwk })}.${part({ jti: 'a', htm: 'POST', htu: url, iat })}.`
    expect(await check(unsigned)).toBeUndefined()
  })

  it('a key that both sides know', async () => {
    const secret = Buffer.alloc(32, 7)
    const jwk = { kty: 'oct', k: secret.toString('base64url') }
    const text = await new SignJWT({ jti: 'a', htm: 'POST', htu: url, iat }).setProtectedHeader({ typ: 'dpop+jwt', alg: 'HS256', jwk }).sign(secret)
    expect(await check(text)).toBeUndefined()
  })

  it('a proof that names another access token, or none', async () => {
    const ath = Buffer.from(nodePrimitives.sha256(Buffer.from('token-a'))).toString('base64url')
    expect(await check(await proof({ claims: { ath } }), { accessToken: 'token-b' })).toBeUndefined()
    expect(await check(await proof(), { accessToken: 'token-a' })).toBeUndefined()
    expect(await check(await proof({ claims: { ath } }), { accessToken: 'token-a' })).toBeDefined()
  })

  it('text that is no proof, or too long for one', async () => {
    expect(await check('')).toBeUndefined()
    expect(await check(`${await proof()}${'A'.repeat(4096)}`)).toBeUndefined()
  })
})

describe('verifyProof', () => {
  it('gives the thumbprint of the key and how long the proof could be used', async () => {
    expect(await check(await proof())).toEqual({ thumbprint: await calculateJwkThumbprint(publicJwk), id: 'proof-1', untilMs: nowMs + 65_000 })
  })

  it('compares addresses without query, fragment, default port and case of the host', async () => {
    expect(await check(await proof({ claims: { htu: 'https://NODE.example.org:443/v1/releases/redeem?x=1#y' } }))).toBeDefined()
  })
})

const vectorsFile = join(import.meta.dirname, '../../../../shared/data/standards/oauth/rfc9449-dpop.json')
const vectorsHere = existsSync(vectorsFile)
describe.skipIf(!vectorsHere)(`the proofs printed in RFC 9449${vectorsHere ? '' : ' (reference data absent)'}`, () => {
  it('hold at their time and place, and give the thumbprints of the RFC', async () => {
    interface Vector {
      proof: string
      payload: { htm: string; htu: string; iat: number; ath?: string }
      jkt: string
    }
    const vectors = JSON.parse(readFileSync(vectorsFile, 'utf8')) as { proofs: Vector[]; accessToken: string }
    expect(vectors.proofs.length).toBeGreaterThan(0)
    for (const { proof: text, payload, jkt } of vectors.proofs) {
      const request = { method: payload.htm, url: payload.htu, nowMs: payload.iat * 1000, ...(payload.ath ? { accessToken: vectors.accessToken } : {}) }
      expect(await check(text, request)).toMatchObject({ thumbprint: jkt })
      expect(await check(text, { ...request, nowMs: nowMs })).toBeUndefined()
    }
  })
})
