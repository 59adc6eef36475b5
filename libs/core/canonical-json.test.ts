import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

describe('canonicalJson refuses', () => {
  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], ['a\udc00b'], [{ '\ud800': 1 }], [[1n]], [() => 1], [Symbol('x')], [undefined]])(
    '%o',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError)
    },
  )
})

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [-0, '0'],
    [[1e21, 1e-7, 4.5, 0.000001, Number('333333333.33333329')], '[1e+21,1e-7,4.5,0.000001,333333333.3333333]'],
    ['€$\u000f\nA\'B"\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\"/"'],
    ['😂', '"😂"'],
    [{ a: undefined, b: [undefined] }, '{"b":[null]}'],
    [{}, '{}'],
  ])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('sorts members by UTF-16 code units (RFC 8785 section 3.2.3)', () => {
    const value = JSON.parse('{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}')
    expect(
      canonicalJson(value)
        .match(/\d(?=[,}])/g)
        ?.join(''),
    ).toBe('2467153')
  })

  it('gives one text whatever the order of members, and that text reads back as the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = canonicalJson(value)
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalJson(reversed)).toBe(text)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  const vectors = fileURLToPath(new URL('../../../shared/data/crypto-vectors/jcs/', import.meta.url))
  const absent = existsSync(vectors) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors/jcs is absent)'
  it.skipIf(absent)(`gives the published bytes${absent}`, () => {
    const names = readdirSync(`${vectors}input`)
    expect(names.length).toBeGreaterThan(2)
    for (const name of names) {
      const text = canonicalJson(JSON.parse(readFileSync(`${vectors}input/${name}`, 'utf8')))
      const published = readFileSync(`${vectors}outhex/${name.replace('.json', '.txt')}`, 'utf8').replaceAll(/\s/g, '')
      expect(Buffer.from(text).toString('hex'), name).toBe(published)
    }
  })
})
