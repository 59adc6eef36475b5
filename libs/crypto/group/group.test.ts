import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { fromHex, toHex, utf8 } from '../bytes.ts'
import { type Element, type Group, GroupError, type Scalar } from './group.ts'
import { nobleGroup } from './noble.ts'
import { sodiumGroup } from './sodium.ts'

const bytes = (hex: string) => fromHex(hex) as Uint8Array
const zero = new Uint8Array(32)
const order = bytes('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')
const domain = utf8('gatehouse/test/v1')
/** RFC 9496 appendix A.1: the generator and its double; A.3: encodings that must be refused. */
const generator = 'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76'
const double = '6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919'
const refusedEncodings = [
  '00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371',
]

let sodium: Group
const noble = nobleGroup()
beforeAll(async () => {
  sodium = await sodiumGroup()
})
const backends = [
  ['libsodium', () => sodium],
  ['noble', () => noble],
] as const

describe.each(backends)('the group on %s', (_, backend) => {
  it.each(refusedEncodings)('refuses the encoding %s', (hex) => {
    expect(() => backend().element(bytes(hex), 'the ciphertext')).toThrow(expect.objectContaining({ code: 'not_canonical', input: 'the ciphertext' }))
  })

  it('refuses the identity, encodings of another length, and numbers that are zero or not below the order', () => {
    expect(() => backend().element(zero)).toThrow(expect.objectContaining({ code: 'identity' }))
    expect(() => backend().element(bytes(generator).subarray(1))).toThrow(GroupError)
    for (const wrong of [zero, order, bytes('ff'.repeat(32)), zero.subarray(1)]) {
      expect(() => backend().scalar(wrong, 'a response')).toThrow(expect.objectContaining({ code: 'scalar_out_of_range', input: 'a response' }))
    }
    const most = Uint8Array.from(order)
    most[0] = 0xec
    expect(toHex(backend().scalar(most))).toBe(toHex(most))
  })

  it('never gives the identity as a result', () => {
    const group = backend()
    const base = group.element(bytes(generator))
    expect(() => group.subtract(base, base)).toThrow(expect.objectContaining({ code: 'identity' }))
    expect(() => group.multiply(base, zero as Scalar)).toThrow(GroupError)
    expect(() => group.multiplyBase(zero as Scalar)).toThrow(GroupError)
    const scalar = group.randomScalar(randomBytes)
    const negative = group.subtractScalars(zero as Scalar, scalar)
    expect(() => group.add(group.multiplyBase(scalar), group.multiplyBase(negative))).toThrow(GroupError)
  })

  it('begins with the generator of RFC 9496', () => {
    const group = backend()
    const one = group.scalar(Uint8Array.from([1, ...new Uint8Array(31)]))
    expect(toHex(group.multiplyBase(one))).toBe(generator)
    expect(toHex(group.add(group.multiplyBase(one), group.multiplyBase(one)))).toBe(double)
  })

  it('draws numbers from 1 to the order minus 1, and throws those beyond away', () => {
    const drawn = [zero, bytes('ff'.repeat(32)), order, bytes(`02${'00'.repeat(31)}`)]
    expect(toHex(backend().randomScalar(() => drawn.shift() as Uint8Array))).toBe(`02${'00'.repeat(31)}`)
  })
})

describe('the two backends', () => {
  it('give the same bytes for the same inputs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 200 }), fc.uint8Array({ minLength: 64, maxLength: 64 }), (message, seed) => {
        const run = (group: Group) => {
          const element: Element = group.hashToElement(message, domain)
          const a = group.hashToScalar(seed.subarray(0, 32), domain)
          const b = group.hashToScalar(seed.subarray(32), utf8('gatehouse/test/v2'))
          return [
            element,
            a,
            group.multiply(element, a),
            group.multiplyBase(b),
            group.add(element, group.multiplyBase(b)),
            group.subtract(element, group.multiplyBase(b)),
            group.addScalars(a, b),
            group.subtractScalars(a, b),
            group.multiplyScalars(a, b),
            group.invert(a),
            group.sha512(message, seed),
          ].map(toHex)
        }
        expect(run(sodium)).toEqual(run(noble))
      }),
      { numRuns: 25 },
    )
  })

  it('agree on which bytes are an element', () => {
    const verdict = (group: Group, given: Uint8Array) => {
      try {
        return toHex(group.element(given))
      } catch (error) {
        return (error as GroupError).code
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 31, maxLength: 33 }), (given) => verdict(sodium, given) === verdict(noble, given)),
      { numRuns: 300 },
    )
  })
})
