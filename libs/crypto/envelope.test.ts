import { describe, expect, it } from 'vitest'
import { open, seal } from './aead.ts'
import { utf8 } from './bytes.ts'
import { unwrapKey, wrapKey, wrappedKeyLength } from './envelope.ts'
import { nodePrimitives } from './node.ts'

const kek = new Uint8Array(32).fill(7)
const dek = new Uint8Array(32).fill(9)
const context = ['gatehouse/vault/dek/v1', 'tenant', 'subject', Uint8Array.of(0, 0, 0, 1)]

describe('an envelope stays shut', () => {
  const wrapped = wrapKey(nodePrimitives, kek, dek, context)

  it('for another context, another order, or the same letters cut differently', () => {
    for (const other of [context.slice(1), [...context].reverse(), ['gatehouse/vault/dek/v1', 'tenants', 'ubject', Uint8Array.of(0, 0, 0, 1)]])
      expect(unwrapKey(nodePrimitives, kek, wrapped, other)).toBeUndefined()
  })
  it('for another key', () => {
    expect(unwrapKey(nodePrimitives, dek, wrapped, context)).toBeUndefined()
  })
  it('after any flipped bit, and for any other length', () => {
    for (let at = 0; at < wrapped.length; at++) {
      const changed = Uint8Array.from(wrapped)
      changed[at]! ^= 0x80
      expect(unwrapKey(nodePrimitives, kek, changed, context), `byte ${at}`).toBeUndefined()
    }
    for (let length = 0; length < wrapped.length; length++) expect(unwrapKey(nodePrimitives, kek, wrapped.subarray(0, length), context)).toBeUndefined()
  })
  it('and keys of a wrong length are refused by name', () => {
    expect(() => wrapKey(nodePrimitives, kek, dek.subarray(1), context)).toThrow('a wrapped key has 32 bytes, got 31')
    expect(() => wrapKey(nodePrimitives, kek.subarray(16), dek, context)).toThrow('an AES-256-GCM key has 32 bytes, got 16')
  })
})

describe('an envelope', () => {
  it('gives back the key, and never the same bytes twice', () => {
    const first = wrapKey(nodePrimitives, kek, dek, context)
    const second = wrapKey(nodePrimitives, kek, dek, context)
    expect(first).toHaveLength(wrappedKeyLength)
    expect(first).not.toEqual(second)
    expect(Uint8Array.from(unwrapKey(nodePrimitives, kek, first, context)!)).toEqual(dek)
  })
})

describe('seal', () => {
  it('opens with the same associated data only', () => {
    const sealed = seal(nodePrimitives, kek, utf8('secret'), utf8('row 1'))
    expect(open(nodePrimitives, kek, sealed, utf8('row 2'))).toBeUndefined()
    expect(open(nodePrimitives, kek, sealed.subarray(0, 27), utf8('row 1'))).toBeUndefined()
    expect(Uint8Array.from(open(nodePrimitives, kek, sealed, utf8('row 1'))!)).toEqual(utf8('secret'))
  })
})
