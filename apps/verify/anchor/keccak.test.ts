import { describe, expect, it } from 'vitest'
import { toHex, utf8 } from '../encoding.ts'
import { keccak256 } from './keccak.ts'

describe('keccak-256', () => {
  it.each([
    ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
    ['Transfer(address,address,uint256)', 'ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'],
  ])('gives the known value for %j', (text, hex) => {
    expect(toHex(keccak256(utf8(text)))).toBe(hex)
  })

  it('pads at the edges of a block as within it', () => {
    expect(new Set([134, 135, 136, 137, 271, 272].map((length) => toHex(keccak256(new Uint8Array(length))))).size).toBe(6)
  })
})
