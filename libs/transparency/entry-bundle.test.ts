import { concat, utf8 } from '@gatehouse/crypto/bytes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bundledEntryMax, formatEntryBundle, parseEntryBundle } from './entry-bundle.ts'

describe('a bundle of entries', () => {
  it('is refused when it ends in the middle of an entry', () => {
    const bundle = formatEntryBundle([utf8('one'), utf8('two')])
    for (let length = 1; length < bundle.length; length++) {
      if (length !== 5) expect(parseEntryBundle(bundle.subarray(0, length))).toBeUndefined()
    }
    expect(parseEntryBundle(concat(bundle, Uint8Array.of(0)))).toBeUndefined()
  })
  it('is not written with an entry that its length cannot tell', () => {
    expect(() => formatEntryBundle([new Uint8Array(bundledEntryMax + 1)])).toThrow(RangeError)
    expect(parseEntryBundle(formatEntryBundle([new Uint8Array(bundledEntryMax)]))?.[0]?.length).toBe(bundledEntryMax)
  })
  it('has the length of each entry before it, high byte first', () => {
    expect(formatEntryBundle([utf8('ab'), new Uint8Array(0), new Uint8Array(258)]).subarray(0, 8)).toEqual(Uint8Array.of(0, 2, 97, 98, 0, 0, 1, 2))
  })
  it('gives the same entries back', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 256 }), (entries) => {
        expect(parseEntryBundle(formatEntryBundle(entries))).toEqual(entries)
      }),
    )
  })
})
