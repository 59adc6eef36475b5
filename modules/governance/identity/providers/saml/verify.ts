/** What of a response is signed by the provider. Signatures and encryption are the affair of the library `@node-saml/node-saml`. */
import { utf8Text } from '@gatehouse/crypto/bytes'
import type { SAML, SamlConfig } from '@node-saml/node-saml'
import { AnswerError } from '../protocol.ts'
import { samlLimits, type signedParts } from './settings.ts'
import { checkAlgorithms, children, ns, parsed, within } from './xml.ts'

export interface Signers {
  /** PEM; any of them may have signed. */
  readonly certificates: readonly string[]
  readonly signed: (typeof signedParts)[number]
  /** PEM of the node's own key, for what is encrypted. */
  readonly key?: string | undefined
}

export interface Verified {
  /** As it was posted: what stands in it beside the assertion counts only as a further reason to refuse. */
  readonly response: Element
  /** As it was signed. */
  readonly assertion: Element
}

/** Of the library only signatures, encryption and messages are used: times, audience and requests are judged by us, by the node's clock. */
export async function library(more: Partial<SamlConfig> & Pick<SamlConfig, 'idpCert' | 'issuer' | 'callbackUrl'>): Promise<SAML> {
  const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml')
  return new SAML({
    audience: false,
    acceptedClockSkewMs: -1,
    validateInResponseTo: ValidateInResponseTo.never,
    disableRequestedAuthnContext: true,
    identifierFormat: null,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    ...more,
  })
}

export function xmlOf(base64: string): string {
  if (base64.length > samlLimits.responseCharacters) throw new AnswerError('too_large')
  const compact = base64.replace(/\s/g, '')
  const text = /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? utf8Text(Buffer.from(compact, 'base64')) : undefined
  if (text === undefined) throw new AnswerError('no_base64')
  return text
}

/** @throws AnswerError */
export async function verified(base64: string, { certificates, signed, key }: Signers): Promise<Verified> {
  const response = parsed(xmlOf(base64))
  checkAlgorithms(response)
  const whole = signed === 'response' || signed === 'both'
  const encrypted = children(response, ns.assertion, 'EncryptedAssertion').length > 0 || within(response, ns.encryption, 'EncryptedData').length > 0
  // Anybody can encrypt to a key that is published. What is opened unsigned would tell an attacker by its faults what it holds.
  if (encrypted && !whole) throw new AnswerError('encrypted_unsigned')
  if (certificates.length === 0) throw new AnswerError('certificates_ended')
  const saml = await library({
    idpCert: [...certificates],
    issuer: 'unused',
    callbackUrl: 'unused',
    wantAuthnResponseSigned: whole,
    wantAssertionsSigned: signed === 'assertion' || signed === 'both',
    ...(key === undefined ? {} : { decryptionPvk: key }),
  })
  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: base64.replace(/\s/g, '') }).catch(() => {
    throw new AnswerError('signature')
  })
  const text = profile?.getAssertionXml?.()
  if (text === undefined) throw new AnswerError('no_assertion')
  return { response, assertion: parsed(text) }
}
