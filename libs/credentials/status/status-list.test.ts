import { createPublicKey, verify as verifySignature } from 'node:crypto'
import { deflateSync, inflateSync } from 'node:zlib'
import { toBase64url } from '@gatehouse/crypto/bytes'
import { nodeSigner } from '@gatehouse/crypto/node'
import { describe, expect, it } from 'vitest'
import { ed25519Jwk } from '../did/did-web.ts'
import { signJws, type VerifyJws } from '../sd-jwt/jws.ts'
import { listBytesMax, listSize, packList, readList, signList } from './status-list.ts'

const now = 1_790_000_000
const uri = 'https://hospital.example.org/status/1'
const signer = nodeSigner(new Uint8Array(32).fill(1))
const key = ed25519Jwk(signer.publicKey)
const verify: VerifyJws = (_, jwk, signed, signature) => verifySignature(null, signed, createPublicKey({ key: jwk, format: 'jwk' }), signature)
const inflate = (bytes: Uint8Array) => {
  try {
    return inflateSync(bytes, { maxOutputLength: listBytesMax })
  } catch {
    return undefined
  }
}
const token = { uri, issuer: 'did:web:hospital.example.org', keyId: 'did:web:hospital.example.org#1', issuedAt: now, expiresAt: now + 600, ttl: 300 }
const read = (text: string, index: number, more: object = {}, by = key) => readList(text, { uri, index, now, ...more }, by, verify, inflate)
const list = packList([
  { place: 7, status: 'revoked' },
  { place: 8, status: 'suspended' },
  { place: listSize - 1, status: 'revoked' },
])
const signed = signList(list, token, deflateSync, signer.sign)
const other = (payload: object, header: object = { typ: 'statuslist+jwt' }) => signJws(header as never, { sub: uri, exp: now + 600, ...payload }, signer.sign)

describe('a list tells nothing', () => {
  it.each([
    ['of another place', () => read(signed, 7, { uri: 'https://hospital.example.org/status/2' })],
    ['that is over', () => read(signed, 7, { now: now + 600 })],
    ['of another issuer', () => read(signed, 7, {}, ed25519Jwk(nodeSigner(new Uint8Array(32).fill(2)).publicKey))],
    ['beyond its end', () => read(signed, listSize)],
    ['at no place', () => read(signed, -1)],
    [
      'that was changed',
      () =>
        read(
          signed.replace(/\.[^.]+\./, (body) => body.replace('A', 'B')),
          7,
        ),
    ],
    ['of another type', () => read(other({ status_list: { bits: 1, lst: toBase64url(deflateSync(list)) } }, { typ: 'JWT' }), 7)],
    ['with three bits', () => read(other({ status_list: { bits: 3, lst: toBase64url(deflateSync(list)) } }), 7)],
    ['that does not unpack', () => read(other({ status_list: { bits: 1, lst: 'AAAA' } }), 7)],
    ['that unpacks without end', () => read(other({ status_list: { bits: 1, lst: toBase64url(deflateSync(new Uint8Array(listBytesMax + 1))) } }), 7)],
    ['that is empty', () => read(other({}), 7)],
    ['that is no list', () => read('x.y.z', 7)],
  ])('%s', (_, act) => expect(act()).toBeUndefined())
})

describe('a list', () => {
  it('says of each credential whether it is valid', () => {
    expect([6, 7, 8, 9, listSize - 1].map((index) => read(signed, index))).toEqual([false, true, true, false, true])
  })

  it('fills a byte from its lowest bits, as the draft’s examples have it', () => {
    // Section 4.1: the first byte of the example of one bit, 0xB9, is 1, 0, 0, 1, 1, 1, 0, 1.
    const text = other({ status_list: { bits: 1, lst: toBase64url(deflateSync(Uint8Array.of(0xb9))) } })
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((index) => read(text, index))).toEqual([true, false, false, true, true, true, false, true])
    const packed = packList([
      { place: 0, status: 'revoked' },
      { place: 1, status: 'suspended' },
      { place: 3, status: 'valid' },
      { place: 4, status: 'suspended' },
    ])
    expect([...packed.subarray(0, 2)]).toEqual([0b0000_1001, 0b10])
    for (const place of [-1, 0.5, listSize]) expect(() => packList([{ place, status: 'revoked' }])).toThrow(RangeError)
  })

  it('of two bits counts every value but nought for revoked', () => {
    const text = other({ status_list: { bits: 2, lst: toBase64url(deflateSync(Uint8Array.of(0b1000_0100))) } })
    expect([0, 1, 2, 3].map((index) => read(text, index))).toEqual([false, true, false, true])
  })

  it('is no larger for being shared by many', () => {
    expect(signList(packList([]), token, deflateSync, signer.sign).length).toBeLessThan(800)
  })
})
