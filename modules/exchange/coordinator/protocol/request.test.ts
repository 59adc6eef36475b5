import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claimedBy, digestOf, signatureBase, signRequest } from './request.ts'

const file = join(import.meta.dirname, '../../../../../shared/data/standards/http-signatures/rfc9421.json')

interface Vectors {
  readonly keys: Record<string, { publicJwk: object; privateJwk: object }>
  readonly rfcCases: { name: string; algorithm: string; keyid: string; signatureInput: string; signatureBase: string; signature: string }[]
}

describe('the published test cases of RFC 9421', () => {
  // Reference data, if present.
  it.skipIf(!existsSync(file))('with Ed25519 have the signature base and the signature that we make', () => {
    const { keys, rfcCases } = JSON.parse(readFileSync(file, 'utf8')) as Vectors
    const cases = rfcCases.filter(({ algorithm }) => algorithm === 'ed25519')
    expect(cases.length).toBeGreaterThan(0)
    for (const one of cases) {
      const key = keys[one.keyid]
      if (key === undefined) throw new Error(`no key ${one.keyid}`)
      const covered = one.signatureBase
        .split('\n')
        .slice(0, -1)
        .map((line) => /^"([^"]+)": (.*)$/.exec(line)?.slice(1) as [string, string])
      const base = signatureBase(covered, one.signatureInput.slice(one.signatureInput.indexOf('=') + 1))
      expect(base).toBe(one.signatureBase)
      const signature = /=:(.+):$/.exec(one.signature)?.[1] ?? ''
      expect(sign(null, Buffer.from(base), createPrivateKey({ key: key.privateJwk as never, format: 'jwk' })).toString('base64')).toBe(signature)
      expect(verify(null, Buffer.from(base), createPublicKey({ key: key.publicJwk as never, format: 'jwk' }), Buffer.from(signature, 'base64'))).toBe(true)
    }
  })
})

describe('a signed request', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const request = { method: 'POST', url: 'https://coordinator.example/v1/coordinator/exchange', digest: digestOf(Buffer.from('{}')) }
  const headers = signRequest(request, 'lake', privateKey, 1_700_000_000_000)
  const claimed = () => claimedBy(headers['signature-input'] ?? '', headers.signature ?? '')

  it('says who signed it and when, and holds', () => {
    expect(claimed()).toMatchObject({ name: 'lake', createdMs: 1_700_000_000_000 })
    expect(claimed()?.holds(request, publicKey)).toBe(true)
  })

  it.each([
    ['another method', { ...request, method: 'GET' }],
    ['another address', { ...request, url: 'https://elsewhere.example/v1/coordinator/exchange' }],
    ['another query', { ...request, url: `${request.url}?to=moor` }],
    ['another body', { ...request, digest: digestOf(Buffer.from('{"a":1}')) }],
  ])('does not hold for %s', (_, other) => {
    expect(claimed()?.holds(other, publicKey)).toBe(false)
  })

  it('does not hold under another key, name or time', () => {
    expect(claimed()?.holds(request, generateKeyPairSync('ed25519').publicKey)).toBe(false)
    for (const [from, to] of [
      ['lake', 'hill'],
      ['1700000000', '1700000001'],
    ] as const) {
      const changed = claimedBy((headers['signature-input'] ?? '').replace(from, to), headers.signature ?? '')
      expect(changed?.holds(request, publicKey)).toBe(false)
    }
  })

  it.each([
    'mesh=("@method");created=1700000000;keyid="lake";alg="ed25519";tag="gatehouse-mesh"',
    'mesh=("@method" "@target-uri" "content-digest");keyid="lake";alg="ed25519";tag="gatehouse-mesh"',
    'mesh=("@method" "@target-uri" "content-digest");created=1700000000;keyid="lake";alg="hmac-sha256";tag="gatehouse-mesh"',
    'mesh=("@method" "@target-uri" "content-digest");created=1700000000;keyid="lake";alg="ed25519";tag="another"',
    'sig1=("@method" "@target-uri" "content-digest");created=1700000000;keyid="lake";alg="ed25519";tag="gatehouse-mesh"',
    '',
  ])('of any other form is none: %s', (input) => {
    expect(claimedBy(input, headers.signature ?? '')).toBeUndefined()
  })
})
