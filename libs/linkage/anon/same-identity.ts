/**
 * That two ciphertexts hold the same identity, shown by who made both (Chaum and Pedersen 1992): log_G(C1 − C1') = log_Y(C2 − C2').
 * Anyone can check it, and nothing else is shown. For two different identities no such number exists.
 */
import { type Element, type Group, GroupError, type RandomBytes, type Scalar, sameBytes } from '@gatehouse/crypto/group/group'
import { Transcript } from '@gatehouse/crypto/group/transcript'
import { addKey, anonDomain, type JointKey, type SchnorrProof } from './authority.ts'
import type { Sealed } from './ciphertext.ts'
import { AnonError } from './error.ts'

/** A ciphertext with the randomness it was made with. */
export interface Opened {
  readonly sealed: Sealed
  readonly randomness: Scalar
}

/** @throws AnonError `same_ciphertext` for one and the same ciphertext, which needs no proof */
export function proveSameIdentity(group: Group, key: JointKey, left: Opened, right: Opened, random: RandomBytes): SchnorrProof {
  const differences = differencesOf(group, left.sealed, right.sealed)
  if (differences === undefined) throw new AnonError('same_ciphertext', 'these are one ciphertext, or two made with one randomness')
  const nonce = group.randomScalar(random)
  const challenge = challengeOf(group, key, left.sealed, right.sealed, group.multiplyBase(nonce), group.multiply(key.publicKey, nonce))
  const secret = group.subtractScalars(left.randomness, right.randomness)
  return { challenge, response: group.subtractScalars(nonce, group.multiplyScalars(challenge, secret)) }
}

export function verifySameIdentity(group: Group, key: JointKey, left: Sealed, right: Sealed, proof: SchnorrProof): boolean {
  try {
    const differences = differencesOf(group, left, right)
    if (differences === undefined) return false
    const [challenge, response] = [group.scalar(proof.challenge), group.scalar(proof.response)]
    const first = group.add(group.multiplyBase(response), group.multiply(differences.d1, challenge))
    const second = group.add(group.multiply(key.publicKey, response), group.multiply(differences.d2, challenge))
    return sameBytes(challengeOf(group, key, left, right, first, second), challenge)
  } catch (error) {
    if (error instanceof GroupError) return false
    throw error
  }
}

function differencesOf(group: Group, left: Sealed, right: Sealed): { d1: Element; d2: Element } | undefined {
  try {
    return { d1: group.subtract(left.c1, right.c1), d2: group.subtract(left.c2, right.c2) }
  } catch (error) {
    if (error instanceof GroupError) return undefined
    throw error
  }
}

function challengeOf(group: Group, key: JointKey, left: Sealed, right: Sealed, first: Element, second: Element): Scalar {
  const transcript = addKey(new Transcript(group, anonDomain, 'same identity'), key)
  for (const { context, c1, c2 } of [left, right]) transcript.add('context', context.project, context.site, context.record).add('ciphertext', c1, c2)
  return transcript.add('commitments', first, second).challenge('c')
}
