import { createCipheriv } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { concat, fromHex, toHex } from './bytes.ts'
import { nodePrimitives, nodeSigner, nodeVerify } from './node.ts'
import { ed25519Vector, gcmVectors, hkdfVector, hmacVector } from './testing/vectors.ts'

const wycheproof = fileURLToPath(new URL('../../../shared/data/crypto-vectors/wycheproof/', import.meta.url))
const bytes = (hex: string) => fromHex(hex)!

interface Case {
  tcId: number
  result: 'valid' | 'invalid' | 'acceptable'
  flags: string[]
  [member: string]: unknown
}
function groups<G, C>(file: string): (G & { tests: (C & Case)[] })[] {
  return JSON.parse(readFileSync(wycheproof + file, 'utf8')).testGroups
}

describe('the primitives refuse', () => {
  const key = bytes(gcmVectors[2]!.key)
  const nonce = bytes(gcmVectors[2]!.nonce)
  const aad = bytes(gcmVectors[2]!.aad)
  const sealed = bytes(gcmVectors[2]!.sealed)

  it('a GCM tag cut to four bytes, though it is a true beginning of the tag', () => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 4 })
    cipher.setAAD(aad)
    const short = Buffer.concat([cipher.update(bytes(gcmVectors[2]!.plaintext)), cipher.final(), cipher.getAuthTag()])
    expect(toHex(short)).toBe(gcmVectors[2]!.sealed.slice(0, -24))
    expect(nodePrimitives.aesGcmOpen(key, nonce, short, aad)).toBeUndefined()
    expect(nodePrimitives.aesGcmOpen(key, nonce, sealed.subarray(sealed.length - 4), aad)).toBeUndefined()
  })

  it('any flipped bit of nonce, ciphertext, tag or associated data', () => {
    for (const [n, s, a] of [
      [0, -1, -1],
      [-1, 0, -1],
      [-1, sealed.length - 1, -1],
      [-1, -1, 0],
    ] as const) {
      expect(nodePrimitives.aesGcmOpen(key, flip(nonce, n), flip(sealed, s), flip(aad, a))).toBeUndefined()
    }
  })

  it('signatures and keys of a wrong length', () => {
    const { publicKey, message, signature } = ed25519Vector
    expect(nodeVerify(bytes(publicKey), bytes(message), bytes(signature).subarray(1))).toBe(false)
    expect(nodeVerify(bytes(publicKey).subarray(1), bytes(message), bytes(signature))).toBe(false)
    expect(() => nodeSigner(new Uint8Array(31))).toThrow('32 bytes, got 31')
  })

  it('equality of unequal lengths', () => {
    expect(nodePrimitives.equal(new Uint8Array(2), new Uint8Array(3))).toBe(false)
    expect(nodePrimitives.equal(new Uint8Array(3), new Uint8Array(3))).toBe(true)
  })
})

describe('the primitives give the published numbers', () => {
  it.each([['abc'], ['a', 'b', 'c'], ['', 'ab', 'c']])('SHA-256: FIPS 180-4, “abc” in pieces', (...pieces) => {
    const sum = nodePrimitives.sha256(...pieces.map((piece) => Buffer.from(piece)))
    expect(toHex(sum)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
  it('HKDF: RFC 5869 A.1', () => {
    const { key, salt, info, length, derived } = hkdfVector
    expect(toHex(nodePrimitives.hkdfSha256(bytes(key), bytes(salt), bytes(info), length))).toBe(derived)
  })
  it('HMAC: RFC 4231 4.3', () => {
    expect(toHex(nodePrimitives.hmacSha256(bytes(hmacVector.key), bytes(hmacVector.data)))).toBe(hmacVector.mac)
  })
  it('Ed25519: RFC 8032 7.1 test 3', () => {
    const { seed, publicKey, message, signature } = ed25519Vector
    const signer = nodeSigner(bytes(seed))
    expect(toHex(signer.publicKey)).toBe(publicKey)
    expect(toHex(signer.sign(bytes(message)))).toBe(signature)
    expect(nodeVerify(bytes(publicKey), bytes(message), bytes(signature))).toBe(true)
    expect(nodeVerify(bytes(publicKey), bytes('af83'), bytes(signature))).toBe(false)
  })
  it.each(gcmVectors)('AES-256-GCM: $sealed', ({ key, nonce, aad, plaintext, sealed }) => {
    expect(toHex(concat(...nodePrimitives.aesGcmSeal(bytes(key), bytes(nonce), bytes(plaintext), bytes(aad))))).toBe(sealed)
    expect(toHex(nodePrimitives.aesGcmOpen(bytes(key), bytes(nonce), bytes(sealed), bytes(aad))!)).toBe(plaintext)
  })
})

const absent = existsSync(wycheproof) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors is absent)'
describe.skipIf(absent)(`Wycheproof${absent}`, () => {
  it('AES-256-GCM with the 96-bit nonce and 128-bit tag used here', () => {
    let valid = 0
    let invalid = 0
    for (const group of groups<{ ivSize: number; keySize: number; tagSize: number }, Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>>(
      'aes_gcm_test.json',
    )) {
      if (group.keySize !== 256 || group.ivSize !== 96 || group.tagSize !== 128) continue
      for (const test of group.tests) {
        const opened = nodePrimitives.aesGcmOpen(bytes(test.key), bytes(test.iv), bytes(test.ct + test.tag), bytes(test.aad))
        if (test.result === 'valid') {
          valid++
          expect(toHex(concat(...nodePrimitives.aesGcmSeal(bytes(test.key), bytes(test.iv), bytes(test.msg), bytes(test.aad)))), `tcId ${test.tcId}`).toBe(
            test.ct + test.tag,
          )
          expect(toHex(opened!), `tcId ${test.tcId}`).toBe(test.msg)
        } else {
          invalid++
          expect(opened, `tcId ${test.tcId}`).toBeUndefined()
        }
      }
    }
    expect(valid).toBeGreaterThan(10)
    expect(invalid).toBeGreaterThan(5)
  })

  it('HKDF-SHA256', () => {
    for (const group of groups<object, { ikm: string; salt: string; info: string; size: number; okm: string }>('hkdf_sha256_test.json')) {
      for (const test of group.tests) {
        const run = () => toHex(nodePrimitives.hkdfSha256(bytes(test.ikm), bytes(test.salt), bytes(test.info), test.size))
        if (test.result === 'invalid') expect(run, `tcId ${test.tcId}`).toThrow()
        else expect(run(), `tcId ${test.tcId}`).toBe(test.okm)
      }
    }
  })

  it('HMAC-SHA256', () => {
    for (const group of groups<{ tagSize: number }, { key: string; msg: string; tag: string }>('hmac_sha256_test.json')) {
      for (const test of group.tests) {
        const mac = nodePrimitives.hmacSha256(bytes(test.key), bytes(test.msg)).subarray(0, group.tagSize / 8)
        expect(nodePrimitives.equal(mac, bytes(test.tag)), `tcId ${test.tcId}`).toBe(test.result === 'valid')
      }
    }
  })

  it('Ed25519', () => {
    for (const group of groups<{ publicKey: { pk: string } }, { msg: string; sig: string }>('ed25519_test.json')) {
      for (const test of group.tests) {
        expect(nodeVerify(bytes(group.publicKey.pk), bytes(test.msg), bytes(test.sig)), `tcId ${test.tcId}`).toBe(test.result === 'valid')
      }
    }
  })
})

function flip(source: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(source)
  if (at >= 0) copy[at]! ^= 1
  return copy
}
