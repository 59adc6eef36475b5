import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, fromBase64, fromBase64url, fromHex, lengthPrefixed, readU32, toBase64, toBase64url, toHex, u32, utf8, utf8Text } from './bytes.ts'

describe('decoders refuse', () => {
  it.each(['A', 'AA', 'AAA', 'AA=A', '====', 'AB==', 'AAB=', 'AA-_', 'AAAA\n', ' AAAA', 'AAAé', '=', 'AAAAAA='])('base64 %j', (text) => {
    expect(fromBase64(text)).toBeUndefined()
  })
  it.each(['A', 'AB', 'AAB', 'AA==', 'AA+/', 'AAAA\n', 'ÀAAA', 'AAAAA'])('base64url %j', (text) => {
    expect(fromBase64url(text)).toBeUndefined()
  })
  it.each(['0', 'AB', '0g', ' 00', '00\n', '0x00'])('hex %j', (text) => {
    expect(fromHex(text)).toBeUndefined()
  })
  it('bytes that are not UTF-8', () => {
    expect(utf8Text(Uint8Array.of(0xc0, 0x80))).toBeUndefined()
    expect(utf8Text(Uint8Array.of(0xed, 0xa0, 0x80))).toBeUndefined()
  })
  it('numbers that do not fit 32 bits', () => {
    for (const value of [-1, 0x1_0000_0000, 0.5, Number.NaN]) expect(() => u32(value)).toThrow(RangeError)
    expect(() => readU32(new Uint8Array(3))).toThrow(RangeError)
  })
})

describe('encoders', () => {
  it('write the texts of RFC 4648 section 10', () => {
    const texts = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar']
    expect(texts.map((text) => toBase64(utf8(text)))).toEqual(['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'])
    expect(toBase64url(Uint8Array.of(0xfb, 0xff))).toBe('-_8')
  })

  it('agree with Buffer and come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const buffer = Buffer.from(bytes)
        expect(toBase64(bytes)).toBe(buffer.toString('base64'))
        expect(toBase64url(bytes)).toBe(buffer.toString('base64url'))
        expect(toHex(bytes)).toBe(buffer.toString('hex'))
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
        expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
        expect(fromHex(toHex(bytes))).toEqual(bytes)
      }),
    )
  })

  it('give one text for one value: what decodes, encodes to the same text', () => {
    const text = fc.string({ unit: fc.constantFrom(...'AQgw+/-_=9'), maxLength: 9 })
    fc.assert(
      fc.property(text, (candidate) => {
        const plain = fromBase64(candidate)
        if (plain) expect(toBase64(plain)).toBe(candidate)
        const url = fromBase64url(candidate)
        if (url) expect(toBase64url(url)).toBe(candidate)
      }),
      { numRuns: 1000 },
    )
  })

  it('keep a byte-order mark', () => {
    expect(utf8Text(utf8('\ufeffé'))).toBe('\ufeffé')
  })
})

describe('lengthPrefixed', () => {
  it('writes u32 big-endian lengths', () => {
    expect(toHex(lengthPrefixed(['é', Uint8Array.of(1)]))).toBe('00000002c3a90000000101')
    expect(readU32(concat(Uint8Array.of(9), u32(0xfedc_ba98)), 1)).toBe(0xfedc_ba98)
  })

  it('never gives the same bytes for two different lists', () => {
    const list = fc.array(fc.string({ unit: fc.constantFrom('a', '\0', '\u0001'), maxLength: 5 }), { maxLength: 4 })
    fc.assert(
      fc.property(list, list, (left, right) => {
        expect(toHex(lengthPrefixed(left)) === toHex(lengthPrefixed(right))).toBe(JSON.stringify(left) === JSON.stringify(right))
      }),
    )
  })
})
