/** Reading the XML of SAML: what is not plain is refused before anything looks into it. Pure. */
import { DOMParser } from '@xmldom/xmldom'
import { AnswerError } from '../protocol.ts'

export const ns = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
} as const

/** Signatures by RSA with SHA-2 over the exclusive canonical form, which drops comments. Keys that both sides hold, SHA-1 and MD5 are none. */
const taken: Readonly<Record<string, ReadonlySet<string>>> = {
  SignatureMethod: new Set([
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
    'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
  ]),
  DigestMethod: new Set(['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512']),
  CanonicalizationMethod: new Set(['http://www.w3.org/2001/10/xml-exc-c14n#']),
  Transform: new Set(['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#']),
}

const encryptions: ReadonlySet<string> = new Set([
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
])

/** @throws AnswerError for a document type (entities, files, bombs), an instruction, or what is no XML */
export function parsed(text: string): Element {
  const body = text.replace(/^\uFEFF?\s*<\?xml [^?]*\?>/, '')
  if (/<!(?!--|\[CDATA\[)|<\?/.test(body)) throw new AnswerError('document_type')
  const refused = () => {
    throw new AnswerError('no_xml')
  }
  const { documentElement } = new DOMParser({ errorHandler: { warning: refused, error: refused, fatalError: refused } }).parseFromString(body, 'text/xml')
  return documentElement ?? refused()
}

/** @throws AnswerError where something is signed or encrypted in a way that is not taken */
export function checkAlgorithms(root: Element): void {
  for (const [name, allowed] of Object.entries(taken)) {
    for (const element of within(root, ns.signature, name)) {
      // The digest of OAEP says nothing about a signature.
      if ((element.parentNode as Element | null)?.localName === 'EncryptionMethod') continue
      if (!allowed.has(element.getAttribute('Algorithm') ?? '')) throw new AnswerError('algorithm')
    }
  }
  for (const element of within(root, ns.encryption, 'EncryptionMethod'))
    if (!encryptions.has(element.getAttribute('Algorithm') ?? '')) throw new AnswerError('algorithm')
}

/** Anywhere below. */
export const within = (root: Element, space: string, name: string): Element[] => Array.from(root.getElementsByTagNameNS(space, name))

/** Every element right below. */
export const elements = (parent: Element | undefined): Element[] => Array.from(parent?.childNodes ?? []).filter((node): node is Element => node.nodeType === 1)

export const children = (parent: Element | undefined, space: string, name: string): Element[] =>
  elements(parent).filter(({ localName, namespaceURI }) => localName === name && namespaceURI === space)

/** All of its text: a comment in the middle cuts nothing off. */
export const textOf = (element: Element | undefined) => (element?.textContent ?? '').trim()

/** The one of this name. @throws AnswerError where there is none, or several */
export function only(parent: Element | undefined, space: string, name: string, code: string): Element {
  const [found, ...more] = children(parent, space, name)
  if (found === undefined || more.length > 0) throw new AnswerError(code)
  return found
}

/** Absent attributes are absent, whichever way a parser puts it. */
export const attributeOf = (element: Element, name: string): string | undefined => (element.hasAttribute(name) ? (element.getAttribute(name) ?? '') : undefined)
