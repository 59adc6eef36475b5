/**
 * FITtokens without the key (RFC 9497, verifiable mode): a site blinds its identifiers, the key holder evaluates and proves, the
 * site finishes. The site never holds the key, the key holder sees counts and nothing else, and guessing needs the key holder.
 */
import { concat, toBase64url, utf8 } from '@gatehouse/crypto/bytes'
import type { Element, Group, RandomBytes } from '@gatehouse/crypto/group/group'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type Blinded, blind, deriveKeyPair, type Evaluation, evaluate, finalizeBatch, type OprfKeyPair } from '../oprf/voprf.ts'
import type { FitToken } from './fit-token.ts'
import { tokenMessage } from './fit-token.ts'
import { type AudienceKey, checkedName } from './key.ts'
import type { Scheme } from './scheme.ts'

/** The audience's key as a group key. Its id begins with `o-`, since its tokens are others than those of the HMAC. */
export interface ObliviousKey extends OprfKeyPair {
  readonly audience: string
  readonly keyId: string
}

/** What a site may know of the key. */
export type ObliviousPublicKey = Omit<ObliviousKey, 'secretKey'>

export function obliviousKey(group: Group, { audience, keyId, key }: Pick<AudienceKey, 'audience' | 'keyId' | 'key'>): ObliviousKey {
  return { audience, keyId: checkedName(`o-${keyId}`, 'a key id'), ...deriveKeyPair(group, key, utf8(`gatehouse/linkage/fit-token/v1 ${audience} ${keyId}`)) }
}

export interface ObliviousRequest {
  /** Goes to the key holder. */
  readonly blindedElements: readonly Element[]
  /** Stay with the site. */
  readonly secrets: readonly { readonly message: Uint8Array; readonly blinded: Blinded }[]
}

/** The site's first step. @param values canonical fields of each person, as `schemeReader` gives them */
export function requestTokens(
  group: Group,
  key: ObliviousPublicKey,
  scheme: Scheme,
  values: readonly (readonly string[])[],
  random: RandomBytes,
): ObliviousRequest {
  const secrets = values.map((fields) => {
    const message = tokenMessage(key.audience, scheme, fields)
    return { message, blinded: blind(group, message, random) }
  })
  return { blindedElements: secrets.map(({ blinded }) => blinded.blindedElement), secrets }
}

/** The site's last step. @throws OprfProofError when the evaluation was not made with the committed key */
export function finishTokens(
  group: Group,
  primitives: Pick<Primitives, 'sha256'>,
  key: ObliviousPublicKey,
  scheme: Scheme,
  { secrets }: ObliviousRequest,
  evaluation: Evaluation,
): FitToken[] {
  const outputs = finalizeBatch(
    group,
    key.publicKey,
    secrets.map(({ message }) => message),
    secrets.map(({ blinded }) => blinded),
    evaluation,
  )
  return outputs.map((output) => tokenOf(primitives, key, scheme, output))
}

/** What the holder of the key makes alone; the same token. */
export function tokenAlone(group: Group, primitives: Pick<Primitives, 'sha256'>, key: ObliviousKey, scheme: Scheme, values: readonly string[]): FitToken {
  return tokenOf(primitives, key, scheme, evaluate(group, key.secretKey, tokenMessage(key.audience, scheme, values)))
}

const macDomain = utf8('gatehouse/linkage/fit-token-oblivious/v1')

function tokenOf({ sha256 }: Pick<Primitives, 'sha256'>, key: ObliviousPublicKey, scheme: Scheme, output: Uint8Array): FitToken {
  return `fit1.${key.audience}.${scheme.id}.${key.keyId}.${toBase64url(sha256(concat(macDomain, output)))}` as FitToken
}
