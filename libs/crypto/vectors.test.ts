/**
 * The vectors of primitives that the product does not use today (key wrap) or reaches through Node itself (ECDSA): they are held
 * against Node's own cryptography, so that a Node that is wrong about them is found here. `docs/reference/vectors.md` lists which
 * file is run where.
 */
import { createCipheriv, createDecipheriv, createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const folder = fileURLToPath(new URL('../../../shared/data/crypto-vectors/wycheproof/', import.meta.url))
const absent = existsSync(folder) ? '' : ' (skipped: the reference data ../shared/data/crypto-vectors is absent)'

type Fields = Readonly<Record<string, string>>
interface Vector {
  readonly tcId: number
  readonly result: 'valid' | 'invalid' | 'acceptable'
}
function groups<Group>(file: string): (Group & { readonly tests: readonly (Vector & Fields)[] })[] {
  return JSON.parse(readFileSync(folder + file, 'utf8')).testGroups
}
const bytes = (hex: string | undefined) => Buffer.from(hex ?? '', 'hex')
const attempt = <Result>(work: () => Result): Result | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

describe.skipIf(absent)(`Wycheproof, on Node${absent}`, () => {
  it.each([
    ['aes_wrap_test.json', (bits: number) => `id-aes${bits}-wrap`, 'a6a6a6a6a6a6a6a6'],
    ['aes_kwp_test.json', (bits: number) => `id-aes${bits}-wrap-pad`, 'a65959a6'],
  ])('%s', (file, name, start) => {
    const counts = { valid: 0, invalid: 0, acceptable: 0 }
    for (const { keySize, tests } of groups<{ keySize: number }>(file)) {
      for (const { tcId, result, key, msg, ct } of tests) {
        const opened = attempt(() => {
          const cipher = createDecipheriv(name(keySize), bytes(key), bytes(start))
          return Buffer.concat([cipher.update(bytes(ct)), cipher.final()]).toString('hex')
        })
        counts[result]++
        // Of nothing at all Node makes nothing, without a word.
        if (result === 'invalid') expect(opened ?? '', `tcId ${tcId}`).toBe('')
        else {
          const cipher = createCipheriv(name(keySize), bytes(key), bytes(start))
          expect(opened, `tcId ${tcId}`).toBe(msg)
          expect(Buffer.concat([cipher.update(bytes(msg)), cipher.final()]).toString('hex'), `tcId ${tcId}`).toBe(ct)
        }
      }
    }
    expect(counts.valid).toBeGreaterThan(10)
    expect(counts.invalid).toBeGreaterThan(10)
  })

  it('ecdsa_secp256r1_sha256_p1363_test.json', () => {
    let valid = 0
    for (const { publicKeyPem, tests } of groups<{ publicKeyPem: string }>('ecdsa_secp256r1_sha256_p1363_test.json')) {
      const key = { key: createPublicKey(publicKeyPem), dsaEncoding: 'ieee-p1363' as const }
      for (const { tcId, result, msg, sig } of tests) {
        expect(attempt(() => verify('sha256', bytes(msg), key, bytes(sig))) ?? false, `tcId ${tcId}`).toBe(result === 'valid')
        if (result === 'valid') valid++
      }
    }
    expect(valid).toBeGreaterThan(10)
  })
})
