import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { concat, fromHex, toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Element, Group } from '@gatehouse/crypto/group/group'
import { nobleGroup } from '@gatehouse/crypto/group/noble'
import { sodiumGroup } from '@gatehouse/crypto/group/sodium'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { voprfVector } from './vectors.ts'
import {
  blind,
  blindEvaluate,
  blindWith,
  deriveKeyPair,
  evaluate,
  evaluateWith,
  finalizeBatch,
  type OprfKeyPair,
  OprfProofError,
  verifyEvaluation,
} from './voprf.ts'

const bytes = (hex: string) => fromHex(hex) as Uint8Array
const several = (hex: string) => hex.split(',').map(bytes)

let group: Group
let keys: OprfKeyPair
beforeAll(async () => {
  group = await sodiumGroup()
  keys = deriveKeyPair(group, bytes(voprfVector.seed), bytes(voprfVector.keyInfo))
})

describe('an evaluation that was not made with the committed key', () => {
  const round = () => {
    const inputs = ['one', 'two', 'three'].map(utf8)
    const blinded = inputs.map((input) => blind(group, input, randomBytes))
    const elements = blinded.map(({ blindedElement }) => blindedElement)
    return { inputs, blinded, elements, evaluation: blindEvaluate(group, keys, elements, randomBytes) }
  }

  it('is refused with any bit of its proof flipped', () => {
    const { inputs, blinded, evaluation } = round()
    for (let bit = 0; bit < 512; bit += 7) {
      const proof = Uint8Array.from(evaluation.proof)
      proof[bit >> 3] = (proof[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => finalizeBatch(group, keys.publicKey, inputs, blinded, { ...evaluation, proof })).toThrow(OprfProofError)
    }
  })

  it('is refused under another key, with elements exchanged, left out or evaluated otherwise, and for other inputs', () => {
    const { inputs, blinded, elements, evaluation } = round()
    const other = deriveKeyPair(group, randomBytes(32), utf8('other'))
    const [first, second, third] = evaluation.evaluatedElements as [Element, Element, Element]
    const { proof } = evaluation
    expect(verifyEvaluation(group, other.publicKey, elements, evaluation)).toBe(false)
    expect(verifyEvaluation(group, keys.publicKey, elements, { proof, evaluatedElements: [second, first, third] })).toBe(false)
    expect(verifyEvaluation(group, keys.publicKey, elements, { proof, evaluatedElements: [first, second] })).toBe(false)
    expect(verifyEvaluation(group, keys.publicKey, elements, { proof, evaluatedElements: [first, second, group.multiply(third, other.secretKey)] })).toBe(false)
    expect(verifyEvaluation(group, keys.publicKey, elements, blindEvaluate(group, other, elements, randomBytes))).toBe(false)
    expect(() => finalizeBatch(group, keys.publicKey, inputs.slice(1), blinded, evaluation)).toThrow(OprfProofError)
  })
})

describe('an evaluation', () => {
  it('gives what the key holder would compute alone, whatever the blind', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { minLength: 1, maxLength: 4 }), (inputs) => {
        const blinded = inputs.map((input) => blind(group, input, randomBytes))
        const evaluation = blindEvaluate(
          group,
          keys,
          blinded.map(({ blindedElement }) => blindedElement),
          randomBytes,
        )
        const outputs = finalizeBatch(group, keys.publicKey, inputs, blinded, evaluation)
        expect(outputs.map(toHex)).toEqual(inputs.map((input) => toHex(evaluate(group, keys.secretKey, input))))
      }),
      { numRuns: 10 },
    )
  })

  it('derives the key of the RFC', () => {
    expect([toHex(keys.secretKey), toHex(keys.publicKey)]).toEqual([voprfVector.secretKey, voprfVector.publicKey])
  })
})

interface Vector {
  readonly [name: string]: string
}
const file = fileURLToPath(new URL('../../../../shared/data/crypto-vectors/rfc9497/ristretto255-sha512.json', import.meta.url))
const present = existsSync(file)

describe.skipIf(!present)(`the vectors of RFC 9497 for the verifiable mode${present ? '' : ' (reference data absent)'}`, () => {
  const suites = present ? (JSON.parse(readFileSync(file, 'utf8')) as { mode: number; vectors: Vector[] }[]) : []
  const vectors = suites.find(({ mode }) => mode === 1)?.vectors ?? []

  it('are three; the other two modes, plain and partially oblivious, are not built', () => {
    expect(vectors).toHaveLength(3)
    expect(suites.map(({ mode }) => mode)).toEqual([0, 1, 2])
  })

  it.each(['libsodium', 'noble'])('come out on %s', async (backend) => {
    const on = backend === 'noble' ? nobleGroup() : await sodiumGroup()
    const pair = { secretKey: on.scalar(bytes(voprfVector.secretKey)), publicKey: on.element(bytes(voprfVector.publicKey)) }
    for (const vector of vectors) {
      const field = (name: string) => vector[name] ?? ''
      const proof = JSON.parse(JSON.stringify(vector.Proof)) as { proof: string; r: string }
      const inputs = several(field('Input'))
      const blinded = inputs.map((input, index) => blindWith(on, input, on.scalar(several(field('Blind'))[index] as Uint8Array)))
      expect(blinded.map(({ blindedElement }) => toHex(blindedElement)).join(',')).toBe(field('BlindedElement'))
      const elements = blinded.map(({ blindedElement }) => blindedElement)
      const evaluation = evaluateWith(on, pair, elements, on.scalar(bytes(proof.r)))
      expect(evaluation.evaluatedElements.map(toHex).join(',')).toBe(field('EvaluationElement'))
      expect(toHex(evaluation.proof)).toBe(proof.proof)
      expect(toHex(concat(...finalizeBatch(on, pair.publicKey, inputs, blinded, evaluation)))).toBe(field('Output').replaceAll(',', ''))
    }
  })
})
