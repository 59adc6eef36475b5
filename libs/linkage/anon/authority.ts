/**
 * A linkage authority holds one share of the secret; the public key is the sum of the shares' public halves. Each authority proves that
 * it knows its share, or it could choose its half so as to cancel the others (a rogue key).
 */
import { type Element, type Group, GroupError, type RandomBytes, type Scalar, sameBytes } from '@gatehouse/crypto/group/group'
import { Transcript } from '@gatehouse/crypto/group/transcript'
import { AnonError } from './error.ts'

/** The family of all proofs in this room. */
export const anonDomain = 'gatehouse/linkage/fit-anon/v1'

export interface Authority {
  readonly name: string
  readonly keyId: string
  readonly share: Scalar
  readonly publicShare: Element
}

export interface PublicAuthority {
  readonly name: string
  readonly keyId: string
  readonly publicShare: Element
  /** Schnorr: challenge and response. */
  readonly possession: SchnorrProof
}

export interface SchnorrProof {
  readonly challenge: Scalar
  readonly response: Scalar
}

/** The public key of a set of authorities, with their names in order: ciphertexts are bound to all of it. */
export interface JointKey {
  readonly authorities: readonly PublicAuthority[]
  readonly publicKey: Element
}

export function newAuthority(group: Group, name: string, keyId: string, random: RandomBytes): Authority {
  const share = group.randomScalar(random)
  return { name, keyId, share, publicShare: group.multiplyBase(share) }
}

export function publicHalf(group: Group, { name, keyId, share, publicShare }: Authority, random: RandomBytes): PublicAuthority {
  const nonce = group.randomScalar(random)
  const challenge = possessionChallenge(group, name, keyId, publicShare, group.multiplyBase(nonce))
  return { name, keyId, publicShare, possession: { challenge, response: group.subtractScalars(nonce, group.multiplyScalars(challenge, share)) } }
}

/** @throws AnonError `possession_not_proven` for a half whose holder does not know its share, or a name that comes twice */
export function jointKey(group: Group, authorities: readonly PublicAuthority[]): JointKey {
  if (new Set(authorities.map(({ name }) => name)).size !== authorities.length || authorities.length < 2) {
    throw new AnonError('possession_not_proven', 'a joint key takes two or more authorities of different names')
  }
  for (const { name, keyId, publicShare, possession } of authorities) {
    const commitment = openedSchnorr(group, publicShare, possession)
    if (commitment === undefined || !sameBytes(possessionChallenge(group, name, keyId, publicShare, commitment), possession.challenge)) {
      throw new AnonError('possession_not_proven', `the authority ${name} does not prove that it knows its share; do not use its key`)
    }
  }
  const [first, ...others] = authorities.map(({ publicShare }) => publicShare) as [Element, ...Element[]]
  return { authorities, publicKey: others.reduce((sum, share) => group.add(sum, share), first) }
}

/** The commitment that a Schnorr proof speaks of: sG + cX; `undefined` where nobody honest made it. */
export function openedSchnorr(group: Group, publicElement: Element, { challenge, response }: SchnorrProof): Element | undefined {
  try {
    return group.add(group.multiplyBase(group.scalar(response)), group.multiply(publicElement, group.scalar(challenge)))
  } catch (error) {
    if (error instanceof GroupError) return undefined
    throw error
  }
}

function possessionChallenge(group: Group, name: string, keyId: string, publicShare: Element, commitment: Element): Scalar {
  return new Transcript(group, anonDomain, 'possession').add('authority', name, keyId).add('share', publicShare).add('commitment', commitment).challenge('c')
}

/** Everything a statement says of the key it is under. */
export function addKey(transcript: Transcript, key: JointKey): Transcript {
  for (const { name, keyId, publicShare } of key.authorities) transcript.add('authority', name, keyId, publicShare)
  return transcript.add('key', key.publicKey)
}
