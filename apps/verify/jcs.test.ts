import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { canonicalJson } from '@gatehouse/core/canonical-json'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, fromBase64url } from './encoding.ts'
import { canonical, isCanonical } from './jcs.ts'

describe('canonical', () => {
  it('refuses lone surrogates, bottomless nesting and what JSON has not', () => {
    for (const value of ['\ud800', { '\udc00': 1 }, undefined, Number.NaN, JSON.parse('['.repeat(300) + ']'.repeat(300))])
      expect(() => canonical(value)).toThrow(RangeError)
  })
  it('agrees with the writer for every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(value)).toBe(canonicalJson(value))
      }),
    )
  })
  const vectors = fileURLToPath(new URL('../../../shared/data/crypto-vectors/jcs/', import.meta.url))
  const absent = existsSync(vectors) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors/jcs is absent)'
  it.skipIf(absent)(`gives the published texts${absent}`, () => {
    for (const name of readdirSync(`${vectors}input`))
      expect(canonical(JSON.parse(readFileSync(`${vectors}input/${name}`, 'utf8')))).toBe(readFileSync(`${vectors}output/${name}`, 'utf8').trimEnd())
  })
})

describe('encodings refuse', () => {
  it.each(['A', 'AA', 'AB==', ' AAAA', 'AAAA\n', 'AA==AA==', 'AA-_', 'é'])('base64 %j', (text) => expect(fromBase64(text)).toBeUndefined())
  it.each(['A', 'AB', 'AA==', 'AA+/', 'AAAA\n'])('base64url %j', (text) => expect(fromBase64url(text)).toBeUndefined())
})

it('tells a canonical text from any other of the same value', () => {
  for (const text of ['{"a":1,"b":[{"c":2}]}', '{"10":1,"9":2}', '[]', '"é"', '{"a":{"10":1,"9":2}}'])
    expect(isCanonical(text, JSON.parse(text)), text).toBe(true)
  for (const text of ['{"b":1,"a":2}', '{"9":2,"10":1}', '{"a":1,"a":1}', '{"a": 1}', '1.0', '{"x":{"b":1,"a":2}}', '"\\u00e9"'])
    expect(isCanonical(text, JSON.parse(text)), text).toBe(false)
  expect(() => isCanonical('"\\ud800"', '\ud800')).toThrow('lone surrogate')
})
