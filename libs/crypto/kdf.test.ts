import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex } from './bytes.ts'
import { commitment, matchesCommitment } from './hmac.ts'
import { derive, deriveKey } from './kdf.ts'
import { nodePrimitives } from './node.ts'

const key = new Uint8Array(32).fill(1)

describe('derive', () => {
  it('refuses lengths that HKDF cannot give', () => {
    for (const length of [0, -1, 8161, 1.5]) expect(() => derive(nodePrimitives, key, key, 'gatehouse/test/v1', length)).toThrow(RangeError)
  })
  it('gives different keys for different uses, versions and salts', () => {
    const keys = [
      deriveKey(nodePrimitives, key, 'gatehouse/a/v1'),
      deriveKey(nodePrimitives, key, 'gatehouse/b/v1'),
      deriveKey(nodePrimitives, key, 'gatehouse/a/v2'),
      derive(nodePrimitives, key, Uint8Array.of(1), 'gatehouse/a/v1', 32),
    ]
    expect(new Set(keys.map(toHex)).size).toBe(4)
  })
  it('is repeatable, and a longer key begins with the shorter one', () => {
    const short = deriveKey(nodePrimitives, key, 'gatehouse/a/v1')
    expect(derive(nodePrimitives, key, new Uint8Array(0), 'gatehouse/a/v1', 64).subarray(0, 32)).toEqual(short)
  })
})

describe('commitment', () => {
  it('refuses a key that could be guessed', () => {
    expect(() => commitment(nodePrimitives, key.subarray(0, 15), 'gatehouse/a/v1', 'x')).toThrow('at least 16 bytes, got 15')
  })
  it('does not match another value, domain, key or a cut commitment', () => {
    const committed = commitment(nodePrimitives, key, 'gatehouse/a/v1', 'Ada')
    expect(matchesCommitment(nodePrimitives, key, 'gatehouse/a/v1', 'ada', committed)).toBe(false)
    expect(matchesCommitment(nodePrimitives, key, 'gatehouse/b/v1', 'Ada', committed)).toBe(false)
    expect(matchesCommitment(nodePrimitives, new Uint8Array(32), 'gatehouse/a/v1', 'Ada', committed)).toBe(false)
    expect(matchesCommitment(nodePrimitives, key, 'gatehouse/a/v1', 'Ada', committed.subarray(1))).toBe(false)
    expect(matchesCommitment(nodePrimitives, key, 'gatehouse/a/v1', 'Ada', committed)).toBe(true)
  })
  it('is HMAC-SHA256 over domain, length and value', () => {
    const expected = createHmac('sha256', key).update('gatehouse/a/v1\0\0\0\x03Ada').digest('hex')
    expect(toHex(commitment(nodePrimitives, key, 'gatehouse/a/v1', 'Ada'))).toBe(expected)
  })
})
