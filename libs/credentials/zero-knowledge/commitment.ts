/**
 * A member of a set is a Pedersen commitment C = s·G + r·H to a secret s of its own. G is the generator of RFC 9496 and H is hashed
 * into the group from the text below, so that nobody knows how one is made of the other: there is no secret set-up.
 */
import { lengthPrefixed, utf8 } from '@gatehouse/crypto/bytes'
import type { Domain } from '@gatehouse/crypto/domain'
import type { Element, Group, Scalar } from '@gatehouse/crypto/group/group'
import type { ConsentGroup } from './statement.ts'

export const secondGeneratorText = 'gatehouse/zk/generator/H'
const generatorDomain: Domain = 'gatehouse/zk/generator/v1'
const openingDomain: Domain = 'gatehouse/zk/opening/v1'
const nullifierDomain: Domain = 'gatehouse/zk/nullifier/v1'

export interface Opening {
  readonly secret: Scalar
  readonly blinding: Scalar
}

/** H = hash_to_ristretto255(secondGeneratorText) with the domain `gatehouse/zk/generator/v1`. */
export function secondGenerator(group: Group): Element {
  return group.hashToElement(utf8(secondGeneratorText), utf8(generatorDomain))
}

/** Secret and blinding of one consent in one group, from a key of the person's own: once the key is destroyed, nobody has them. */
export function openingOf(group: Group, key: Uint8Array, consent: string, { grantee, scope, expiry }: ConsentGroup): Opening {
  const number = (which: string) => group.hashToScalar(lengthPrefixed([key, which, consent, grantee, scope, expiry]), utf8(openingDomain))
  return { secret: number('secret'), blinding: number('blinding') }
}

export function commit(group: Group, { secret, blinding }: Opening): Element {
  return group.add(group.multiplyBase(secret), group.multiply(secondGenerator(group), blinding))
}

/** The base that a secret is raised on to give the nullifier of one request. */
export function nullifierBase(group: Group, context: Uint8Array): Element {
  return group.hashToElement(context, utf8(nullifierDomain))
}
