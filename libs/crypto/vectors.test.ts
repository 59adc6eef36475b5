/**
 * The vectors of what the product does not use today (key wrap, two modes of the OPRF) or reaches through Node itself (ECDSA): they are
 * held against the libraries, so that a library that is wrong about them is found here. `docs/reference/vectors.md` lists which
 * file is run where.
 */
import { createCipheriv, createDecipheriv, createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ristretto255_oprf } from '@noble/curves/ed25519.js'
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
    ['aes_wrap_test.json', '', 'a6a6a6a6a6a6a6a6'],
    ['aes_kwp_test.json', '-pad', 'a65959a6'],
  ])('%s', (file, pad, start) => {
    const counts = { valid: 0, invalid: 0, acceptable: 0 }
    for (const { keySize, tests } of groups<{ keySize: number }>(file)) {
      for (const { tcId, result, key, msg, ct } of tests) {
        const opened = attempt(() => {
          const cipher = createDecipheriv(`id-aes${keySize}-wrap${pad}`, bytes(key), bytes(start))
          return Buffer.concat([cipher.update(bytes(ct)), cipher.final()]).toString('hex')
        })
        counts[result]++
        // Of nothing at all Node makes nothing, without a word.
        if (result === 'invalid') expect(opened ?? '', `tcId ${tcId}`).toBe('')
        else {
          const cipher = createCipheriv(`id-aes${keySize}-wrap${pad}`, bytes(key), bytes(start))
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

const oprfFile = fileURLToPath(new URL('../../../shared/data/crypto-vectors/rfc9497/ristretto255-sha512.json', import.meta.url))
describe.skipIf(absent)(`RFC 9497, on the curves that ours stands on${absent}`, () => {
  interface Mode {
    readonly mode: number
    readonly skSm: string
    readonly pkSm?: string
    readonly vectors: readonly Fields[]
  }
  const modes: readonly Mode[] = absent ? [] : JSON.parse(readFileSync(oprfFile, 'utf8'))
  const several = (text: string | undefined) => (text ?? '').split(',').map(bytes)
  const joined = (parts: readonly Uint8Array[]) => parts.map((part) => Buffer.from(part).toString('hex')).join(',')

  it('the plain mode', () => {
    const { skSm, vectors } = modes.find(({ mode }) => mode === 0) as Mode
    expect(vectors.length).toBeGreaterThan(1)
    for (const { Input, Blind, BlindedElement, EvaluationElement, Output } of vectors) {
      const evaluated = several(BlindedElement).map((element) => ristretto255_oprf.oprf.blindEvaluate(bytes(skSm), element))
      expect(joined(evaluated)).toBe(EvaluationElement)
      const blinds = several(Blind)
      const outputs = several(Input).map((input, at) => ristretto255_oprf.oprf.finalize(input, blinds[at] as Buffer, evaluated[at] as Uint8Array))
      expect(joined(outputs)).toBe(Output)
    }
  })

  it('the partially oblivious mode, and no other proof than the right one', () => {
    const { skSm, pkSm, vectors } = modes.find(({ mode }) => mode === 2) as Mode
    expect(vectors.length).toBeGreaterThan(1)
    for (const vector of vectors) {
      const { Input, Blind, BlindedElement, EvaluationElement, Info, Output } = vector
      const mode = ristretto255_oprf.poprf(bytes(Info))
      const [inputs, blinds, blinded] = [several(Input), several(Blind), several(BlindedElement)]
      const { evaluated } = mode.blindEvaluateBatch(bytes(skSm), blinded)
      expect(joined(evaluated)).toBe(EvaluationElement)
      const { tweakedKey } = mode.blind(inputs[0] as Buffer, bytes(pkSm))
      const items = inputs.map((input, at) => ({
        input,
        blind: blinds[at] as Buffer,
        evaluated: evaluated[at] as Uint8Array,
        blinded: blinded[at] as Buffer,
      }))
      const proof = bytes((vector.Proof as unknown as { proof: string }).proof)
      expect(joined(mode.finalizeBatch(items, proof, tweakedKey))).toBe(Output)
      proof[0] = (proof[0] as number) ^ 1
      expect(() => mode.finalizeBatch(items, proof, tweakedKey)).toThrow()
    }
  })
})
