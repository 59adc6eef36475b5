/**
 * FITanon: a person's keyed token as an ElGamal ciphertext, fresh each time. M = hash of the token into the group, C = (rG, M + rY), with
 * a Schnorr proof of knowing r that is bound to site, project and record: a ciphertext cannot be copied, altered or sent for another.
 */
import { concat, utf8 } from '@gatehouse/crypto/bytes'
import { type Element, type Group, GroupError, type RandomBytes, type Scalar, sameBytes } from '@gatehouse/crypto/group/group'
import { Transcript } from '@gatehouse/crypto/group/transcript'
import type { FitToken } from '../token/fit-token.ts'
import { addKey, anonDomain, type JointKey, openedSchnorr, type SchnorrProof } from './authority.ts'
import { AnonError } from './error.ts'

/** Where a ciphertext belongs. */
export interface Context {
  readonly project: string
  readonly site: string
  /** The site's own name for the record within the project; says nothing of the person. */
  readonly record: string
}

/** r·G and M + r·Y. */
export interface Ciphertext {
  readonly c1: Element
  readonly c2: Element
}

export interface Sealed extends Ciphertext {
  readonly context: Context
  readonly proof: SchnorrProof
}

const hashDomain = utf8('gatehouse/linkage/fit-anon-identity/v1')

/** The group element of a token within a project. The token is keyed, so authorities cannot try out identifiers. */
export function identityElement(group: Group, project: string, token: FitToken): Element {
  return group.hashToElement(concat(group.sha512(utf8(project)), utf8(token)), hashDomain)
}

/** @returns the ciphertext, and the randomness that only a same-identity proof needs; erase it otherwise */
export function seal(group: Group, key: JointKey, context: Context, token: FitToken, random: RandomBytes): { sealed: Sealed; randomness: Scalar } {
  const randomness = group.randomScalar(random)
  const c1 = group.multiplyBase(randomness)
  const c2 = group.add(identityElement(group, context.project, token), group.multiply(key.publicKey, randomness))
  const nonce = group.randomScalar(random)
  const challenge = challengeOf(group, key, context, { c1, c2 }, group.multiplyBase(nonce))
  const response = group.subtractScalars(nonce, group.multiplyScalars(challenge, randomness))
  return { sealed: { context, c1, c2, proof: { challenge, response } }, randomness }
}

export function isSealed(group: Group, key: JointKey, { context, c1, c2, proof }: Sealed): boolean {
  const commitment = openedSchnorr(group, c1, proof)
  return commitment !== undefined && sameBytes(challengeOf(group, key, context, { c1, c2 }, commitment), proof.challenge)
}

function challengeOf(group: Group, key: JointKey, { project, site, record }: Context, { c1, c2 }: Ciphertext, commitment: Element): Scalar {
  return addKey(new Transcript(group, anonDomain, 'seal'), key)
    .add('context', project, site, record)
    .add('ciphertext', c1, c2)
    .add('commitment', commitment)
    .challenge('c')
}

/** c1, c2, challenge and response: 128 bytes. The context travels beside them. */
export const sealedLength = 128

export function encodeSealed({ c1, c2, proof }: Sealed): Uint8Array {
  return concat(c1, c2, proof.challenge, proof.response)
}

/** @throws AnonError `malformed` for bytes of another length or that hold no element or scalar */
export function decodeSealed(group: Group, bytes: Uint8Array, context: Context): Sealed {
  if (bytes.length !== sealedLength) throw new AnonError('malformed', `a sealed identity has ${sealedLength} bytes`)
  try {
    const c1 = group.element(bytes.subarray(0, 32), 'the first half')
    const c2 = group.element(bytes.subarray(32, 64), 'the second half')
    const challenge = group.scalar(bytes.subarray(64, 96), 'the challenge')
    return { context, c1, c2, proof: { challenge, response: group.scalar(bytes.subarray(96), 'the response') } }
  } catch (error) {
    if (error instanceof GroupError) throw new AnonError('malformed', error.message)
    throw error
  }
}
