import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex } from '../encoding.ts'
import { add, decode, encode, equal, fromUniform, generator, identity, order, sum } from './ristretto255.ts'

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

/** RFC 9496 appendix A.1: multiples of the generator, from 0. */
const multiples = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76',
  '6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919',
  '94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259',
]

describe('ristretto255', () => {
  it('gives the multiples of RFC 9496 A.1', () => {
    let point = identity
    for (const hex of multiples) {
      expect(toHex(encode(point))).toBe(hex)
      expect(equal(decode(bytes(hex)) ?? generator, point)).toBe(true)
      point = add(point, generator)
    }
    expect(toHex(encode(sum([[3n, generator]])))).toBe(multiples[3])
    expect(equal(sum([[order, generator]]), identity)).toBe(true)
    expect(
      equal(
        sum([
          [order - 1n, generator],
          [1n, generator],
        ]),
        identity,
      ),
    ).toBe(true)
  })

  it.each([
    '00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0100000000000000000000000000000000000000000000000000000000000000',
    '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ])('refuses what RFC 9496 A.3 refuses: %s', (hex) => {
    expect(decode(bytes(hex))).toBeUndefined()
  })

  it('maps uniform bytes as RFC 9496 A.4 does', () => {
    const digest = createHash('sha512').update('Ristretto is traditionally a short shot of espresso coffee').digest()
    expect(toHex(encode(fromUniform(new Uint8Array(digest))))).toBe('3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46')
  })
})
