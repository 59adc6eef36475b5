import { existsSync, readFileSync } from 'node:fs'
import { aessiv } from '@noble/ciphers/aes.js'
import { FF1 } from '@noble/ciphers/ff1.js'
import { describe, expect, it } from 'vitest'

const folder = new URL('../../../../shared/data/crypto-vectors/wycheproof/', import.meta.url)
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex')

interface Vector<Text> {
  tcId: number
  key: string
  tweak: string
  aad: string
  msg: Text
  ct: Text
  result: 'valid' | 'invalid'
}
const groups = <Text>(name: string) =>
  (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { testGroups: { radix: number; tests: Vector<Text>[] }[] }).testGroups

it('FF1 gives sample 1 of NIST SP 800-38G', () => {
  const cipher = FF1(10, bytes('2B7E151628AED2A6ABF7158809CF4F3C'))
  expect(cipher.encrypt([...'0123456789'].map(Number)).join('')).toBe('2433477484')
})

describe.skipIf(!existsSync(folder))('Wycheproof (skipped where the reference data is absent)', () => {
  it.each(['aes_ff1_radix10_test.json', 'aes_ff1_radix26_test.json', 'aes_ff1_radix36_test.json'])('%s', (name) => {
    let valid = 0
    for (const { radix, tests } of groups<number[]>(name)) {
      for (const test of tests) {
        const encrypt = () => FF1(radix, bytes(test.key), bytes(test.tweak)).encrypt(test.msg)
        if (test.result === 'invalid') expect(encrypt, `tcId ${test.tcId}`).toThrow()
        else {
          valid++
          expect(encrypt(), `tcId ${test.tcId}`).toEqual(test.ct)
          expect(FF1(radix, bytes(test.key), bytes(test.tweak)).decrypt(test.ct), `tcId ${test.tcId}`).toEqual(test.msg)
        }
      }
    }
    expect(valid).toBeGreaterThan(50)
  })

  it('aes_siv_cmac_test.json', () => {
    let valid = 0
    for (const test of groups<string>('aes_siv_cmac_test.json').flatMap((group) => group.tests)) {
      const cipher = () => aessiv(bytes(test.key), bytes(test.aad))
      if (test.result === 'invalid') expect(() => cipher().decrypt(bytes(test.ct)), `tcId ${test.tcId}`).toThrow()
      else {
        valid++
        expect(hex(cipher().encrypt(bytes(test.msg))), `tcId ${test.tcId}`).toBe(test.ct)
        expect(hex(cipher().decrypt(bytes(test.ct))), `tcId ${test.tcId}`).toBe(test.msg)
      }
    }
    expect(valid).toBeGreaterThan(50)
  })
})
