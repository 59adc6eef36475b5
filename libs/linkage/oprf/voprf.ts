/**
 * The verifiable oblivious pseudorandom function of RFC 9497, mode 0x01, suite ristretto255-SHA512. The client learns
 * F(key, input) and nothing of the key; the server learns neither input nor output; the proof shows that the committed key was used.
 */
import { concat, utf8 } from '@gatehouse/crypto/bytes'
import { type Element, type Group, GroupError, type RandomBytes, type Scalar, sameBytes } from '@gatehouse/crypto/group/group'

/** RFC 9497 section 3.1: "OPRFV1-" ‖ mode ‖ "-" ‖ suite. */
const context = concat(utf8('OPRFV1-'), Uint8Array.of(1), utf8('-ristretto255-SHA512'))
const tagged = (prefix: string) => concat(utf8(prefix), context)
const groupTag = tagged('HashToGroup-')
const scalarTag = tagged('HashToScalar-')
const seedTag = tagged('Seed-')
const deriveTag = tagged('DeriveKeyPair')

/** Inputs and outputs have a length of two bytes in the transcript. */
export const inputBytesMax = 0xffff
/** Elements of one batch; section 2.2.1 numbers them with two bytes. */
export const batchMax = 0xffff

export interface OprfKeyPair {
  readonly secretKey: Scalar
  readonly publicKey: Element
}

export interface Blinded {
  readonly blind: Scalar
  readonly blindedElement: Element
}

/** 64 bytes: challenge and response. */
export type OprfProof = Uint8Array

/** An evaluation that was not made with the key it claims. Nothing of it may be used. */
export class OprfProofError extends Error {
  override readonly name = 'OprfProofError'
  constructor() {
    super('the evaluation does not prove that the committed key was used; do not use it, and ask the key holder')
  }
}

/** Section 3.2.1, DeriveKeyPair. @param seed 32 secret bytes */
export function deriveKeyPair(group: Group, seed: Uint8Array, info: Uint8Array): OprfKeyPair {
  if (seed.length !== 32) throw new RangeError('a seed has 32 bytes')
  for (let counter = 0; counter < 256; counter++) {
    const secretKey = group.hashToScalar(concat(seed, withLength(info), Uint8Array.of(counter)), deriveTag)
    if (secretKey.some((byte) => byte !== 0)) return { secretKey, publicKey: group.multiplyBase(secretKey) }
  }
  throw new RangeError('no key could be derived from this seed')
}

/** The client's first step, section 3.3.2. */
export function blind(group: Group, input: Uint8Array, random: RandomBytes): Blinded {
  return blindWith(group, input, group.randomScalar(random))
}

/** With a blind that is given, for vectors. */
export function blindWith(group: Group, input: Uint8Array, by: Scalar): Blinded {
  return { blind: by, blindedElement: group.multiply(inputElement(group, input), by) }
}

function inputElement(group: Group, input: Uint8Array): Element {
  if (input.length > inputBytesMax) throw new RangeError(`an input has at most ${inputBytesMax} bytes`)
  return group.hashToElement(input, groupTag)
}

export interface Evaluation {
  readonly evaluatedElements: readonly Element[]
  readonly proof: OprfProof
}

/** The server's step for a whole batch, with one proof. */
export function blindEvaluate(group: Group, { secretKey, publicKey }: OprfKeyPair, blindedElements: readonly Element[], random: RandomBytes): Evaluation {
  return evaluateWith(group, { secretKey, publicKey }, blindedElements, group.randomScalar(random))
}

/** With a nonce that is given, for vectors. A nonce that is used twice gives the key away. */
export function evaluateWith(group: Group, { secretKey, publicKey }: OprfKeyPair, blindedElements: readonly Element[], nonce: Scalar): Evaluation {
  checkBatch(blindedElements.length)
  const evaluatedElements = blindedElements.map((element) => group.multiply(element, secretKey))
  const { m } = weighted(group, publicKey, blindedElements, evaluatedElements)
  const z = group.multiply(m, secretKey)
  const challenge = challengeOf(group, publicKey, m, z, group.multiplyBase(nonce), group.multiply(m, nonce))
  const response = group.subtractScalars(nonce, group.multiplyScalars(challenge, secretKey))
  return { evaluatedElements, proof: concat(challenge, response) }
}

/** Section 2.2.2. */
export function verifyEvaluation(group: Group, publicKey: Element, blindedElements: readonly Element[], { evaluatedElements, proof }: Evaluation): boolean {
  if (proof.length !== 64 || blindedElements.length !== evaluatedElements.length) return false
  checkBatch(blindedElements.length)
  try {
    const challenge = group.scalar(proof.subarray(0, 32), 'the challenge')
    const response = group.scalar(proof.subarray(32), 'the response')
    const { m, weights } = weighted(group, publicKey, blindedElements, evaluatedElements)
    const z = combine(group, evaluatedElements, weights)
    const t2 = group.add(group.multiplyBase(response), group.multiply(publicKey, challenge))
    const t3 = group.add(group.multiply(m, response), group.multiply(z, challenge))
    return sameBytes(challengeOf(group, publicKey, m, z, t2, t3), challenge)
  } catch (error) {
    // Sums that fall on the identity and numbers out of range are proofs that nobody honest makes.
    if (error instanceof GroupError) return false
    throw error
  }
}

/** The client's last step: 64 bytes for each input. @throws OprfProofError */
export function finalizeBatch(
  group: Group,
  publicKey: Element,
  inputs: readonly Uint8Array[],
  blinded: readonly Blinded[],
  evaluation: Evaluation,
): Uint8Array[] {
  const elements = blinded.map(({ blindedElement }) => blindedElement)
  if (inputs.length !== blinded.length || !verifyEvaluation(group, publicKey, elements, evaluation)) throw new OprfProofError()
  return inputs.map((input, index) => {
    const [part, evaluated] = [blinded[index], evaluation.evaluatedElements[index]]
    if (part === undefined || evaluated === undefined) throw new OprfProofError()
    return outputOf(group, input, group.multiply(evaluated, group.invert(part.blind)))
  })
}

/** What the holder of the key computes alone, section 3.3.1. */
export function evaluate(group: Group, secretKey: Scalar, input: Uint8Array): Uint8Array {
  return outputOf(group, input, group.multiply(inputElement(group, input), secretKey))
}

function outputOf(group: Group, input: Uint8Array, element: Element): Uint8Array {
  return group.sha512(withLength(input), withLength(element), utf8('Finalize'))
}

function challengeOf(group: Group, publicKey: Element, m: Element, z: Element, t2: Element, t3: Element): Scalar {
  return group.hashToScalar(concat(...[publicKey, m, z, t2, t3].map(withLength), utf8('Challenge')), scalarTag)
}

/** Section 2.2.1: one random combination stands for all, so that one proof does. */
function weighted(group: Group, publicKey: Element, from: readonly Element[], to: readonly Element[]): { m: Element; weights: readonly Scalar[] } {
  const seed = group.sha512(withLength(publicKey), withLength(seedTag))
  const weights = from.map((element, index) => {
    const image = to[index]
    if (image === undefined) throw new RangeError('every element has an evaluation')
    return group.hashToScalar(concat(withLength(seed), twoBytes(index), withLength(element), withLength(image), utf8('Composite')), scalarTag)
  })
  return { m: combine(group, from, weights), weights }
}

function combine(group: Group, elements: readonly Element[], weights: readonly Scalar[]): Element {
  let sum: Element | undefined
  for (const [index, element] of elements.entries()) {
    const term = group.multiply(element, weights[index] as Scalar)
    sum = sum === undefined ? term : group.add(sum, term)
  }
  if (sum === undefined) throw new RangeError('a batch has at least one element')
  return sum
}

function checkBatch(length: number): void {
  if (length < 1 || length > batchMax) throw new RangeError(`a batch has 1 to ${batchMax} elements`)
}

function withLength(bytes: Uint8Array): Uint8Array {
  return concat(twoBytes(bytes.length), bytes)
}
function twoBytes(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff)
}
