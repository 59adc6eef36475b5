import { hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BlockRefusal, dekVersionOf, deriveBlockKey, openBlock, parseEncryptedData, sealBlock } from './block-key.ts'
import { concat, fromBase64url, lengthPrefixed, toBase64url, toHex, utf8 } from './bytes.ts'
import { nodePrimitives } from './node.ts'

const dek = new Uint8Array(32).fill(5)
const blockId = new Uint8Array(16).fill(6)
const context = ['gatehouse/vault/v1', 'tenant', 'block', 'user', 'person', '0'.repeat(64), '2026-01-01T00:00:00.000Z']
const blockKey = deriveBlockKey(nodePrimitives, dek, blockId)
const open = (bytes: Uint8Array, key = blockKey, bound = context) => openBlock(nodePrimitives, key, bytes, bound)

describe('a block stays shut', () => {
  const { bytes, encryptedData } = sealBlock(nodePrimitives, blockKey, 3, utf8('{"name":"Ada"}'), context)
  const refused = (reason: BlockRefusal) => ({ outcome: 'refused', reason })

  it('under the key of another block or another subject, found before decrypting', () => {
    const never = { ...nodePrimitives, aesGcmOpen: () => expect.unreachable('decrypted before the commitment was compared') }
    for (const key of [deriveBlockKey(nodePrimitives, dek, new Uint8Array(16)), deriveBlockKey(nodePrimitives, new Uint8Array(32), blockId)])
      expect(openBlock(never, key, bytes, context)).toEqual(refused('commitment'))
  })
  it('in any other context', () => {
    for (let at = 0; at < context.length; at++) expect(open(bytes, blockKey, context.with(at, `${context[at]}x`))).toEqual(refused('tag'))
    expect(open(bytes, blockKey, context.slice(1))).toEqual(refused('tag'))
  })
  it('after any flipped byte; the DEK version is a hint and only chooses the key', () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes)
      changed[at]! ^= 1
      if (at === 0) expect(open(changed)).toEqual(refused('malformed'))
      else if (at < 5) expect(dekVersionOf(changed)).not.toBe(3)
      else expect(open(changed), `byte ${at}`).toEqual(refused(at < 37 ? 'commitment' : 'tag'))
    }
  })
  it('when its text is not one that sealing writes', () => {
    for (const text of ['', 'AQ', `${encryptedData}=`, encryptedData.slice(4), `${encryptedData}AAAA`, toBase64url(bytes.with(0, 2))])
      expect(parseEncryptedData(text)).toBeUndefined()
    expect(open(bytes.subarray(0, 64))).toEqual(refused('malformed'))
  })
  it('when the padding holds no mark, or more than one step of zeros', () => {
    for (const padded of [new Uint8Array(256), new Uint8Array(512).with(255, 0x80), new Uint8Array(256).with(255, 1)]) {
      const nonce = bytes.subarray(37, 49)
      const sealed = concat(...nodePrimitives.aesGcmSeal(blockKey.key, nonce, padded, lengthPrefixed(context)))
      expect(open(Uint8Array.from([...bytes.subarray(0, 49), ...sealed]))).toEqual(refused('padding'))
    }
  })
  it('and wrong lengths or versions are refused by name', () => {
    expect(() => deriveBlockKey(nodePrimitives, dek, blockId.subarray(1))).toThrow('a block id has 16 bytes, got 15')
    expect(() => deriveBlockKey(nodePrimitives, dek.subarray(1), blockId)).toThrow('a data key has 32 bytes, got 31')
    expect(() => sealBlock(nodePrimitives, blockKey, -1, dek, context)).toThrow('unsigned 32-bit')
  })
})

describe('a block', () => {
  it('comes back as it went in, whatever its content, at a length of whole steps', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 800 }), fc.nat(0xffff_ffff), (plaintext, version) => {
        const sealed = sealBlock(nodePrimitives, blockKey, version, plaintext, context)
        const bytes = parseEncryptedData(sealed.encryptedData)!
        expect(bytes).toEqual(sealed.bytes)
        expect(dekVersionOf(bytes)).toBe(version)
        expect(bytes.length).toBe(65 + Math.floor(plaintext.length / 256) * 256 + 256)
        const opened = open(bytes)
        expect(opened.outcome === 'opened' && toHex(opened.plaintext)).toBe(toHex(plaintext))
      }),
    )
  })
  it('ends its plaintext unambiguously, also where that ends in zeros or in the mark', () => {
    for (const plaintext of [new Uint8Array(0), new Uint8Array(300), Uint8Array.of(0x80), Uint8Array.of(1, 0x80, 0, 0), new Uint8Array(256).fill(0x80)]) {
      const opened = open(sealBlock(nodePrimitives, blockKey, 1, plaintext, context).bytes)
      expect(opened.outcome === 'opened' && toHex(opened.plaintext)).toBe(toHex(plaintext))
    }
  })
  it('has key and commitment from HKDF over the block id, and the written layout', () => {
    const derived = Buffer.from(hkdfSync('sha256', dek, blockId, 'gatehouse/vault/block/v1', 64))
    expect(toHex(blockKey.key)).toBe(derived.subarray(0, 32).toString('hex'))
    const bytes = fromBase64url(sealBlock(nodePrimitives, blockKey, 0x0102_0304, utf8('x'), context).encryptedData)!
    expect(toHex(bytes.subarray(0, 37))).toBe(`0101020304${derived.subarray(32).toString('hex')}`)
  })
})
