/** Whether a verified assertion is about somebody who was sent from here, now, and meant for this node (SAML profiles, section 4.1.4). Pure. */
import { AnswerError } from '../protocol.ts'
import { providerLimits } from '../schema.ts'
import { samlLimits } from './settings.ts'
import { attributeOf, children, elements, ns, only, textOf } from './xml.ts'

export interface Expected {
  /** The provider's entity id. */
  readonly issuer: string
  /** This node's. */
  readonly audience: string
  /** Where the response was posted to. */
  readonly recipient: string
  readonly nowMs: number
}

export interface NameId {
  readonly value: string
  readonly format?: string
  readonly nameQualifier?: string
  readonly spNameQualifier?: string
}

/** What an assertion says. */
export interface Assertion {
  readonly id: string
  /** The request that it answers. */
  readonly request: string
  readonly nameId: NameId
  readonly sessionIndex?: string
  /** How somebody proved to be it, and when. */
  readonly context: string
  readonly provenAtMs: number
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const conditionsKnown = new Set(['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'])
const skewMs = samlLimits.skewSeconds * 1000
const ageMs = providerLimits.awayMinutes * 60_000

/** What a response says of itself beside its assertion. @throws AnswerError */
export function judgeResponse(response: Element, { issuer, recipient }: Expected): void {
  if (response.namespaceURI !== ns.protocol || response.localName !== 'Response' || response.getAttribute('Version') !== '2.0')
    throw new AnswerError('no_response')
  const status = only(only(response, ns.protocol, 'Status', 'status'), ns.protocol, 'StatusCode', 'status')
  if (status.getAttribute('Value') !== 'urn:oasis:names:tc:SAML:2.0:status:Success') throw new AnswerError('declined')
  const destination = attributeOf(response, 'Destination')
  // Bindings, section 3.5.5.2: a signed message says where it is to go.
  if (destination === undefined ? children(response, ns.signature, 'Signature').length > 0 : destination !== recipient) throw new AnswerError('destination')
  for (const element of children(response, ns.assertion, 'Issuer')) if (textOf(element) !== issuer) throw new AnswerError('issuer')
}

/** @throws AnswerError */
export function judgeAssertion(assertion: Element, response: Element, expected: Expected): Assertion {
  const { issuer, nowMs } = expected
  const id = assertion.getAttribute('ID') ?? ''
  if (assertion.namespaceURI !== ns.assertion || assertion.localName !== 'Assertion' || assertion.getAttribute('Version') !== '2.0' || id === '')
    throw new AnswerError('no_assertion')
  if (textOf(only(assertion, ns.assertion, 'Issuer', 'issuer')) !== issuer) throw new AnswerError('issuer')
  const issuedMs = timeOf(assertion, 'IssueInstant')
  if (issuedMs === undefined || issuedMs > nowMs + skewMs || issuedMs < nowMs - ageMs - skewMs) throw new AnswerError('issue_instant')

  const subject = only(assertion, ns.assertion, 'Subject', 'subject')
  const nameId = nameIdOf(only(subject, ns.assertion, 'NameID', 'subject'))
  const request = confirmed(subject, expected)
  const inResponseTo = attributeOf(response, 'InResponseTo')
  if (inResponseTo !== undefined && inResponseTo !== request) throw new AnswerError('in_response_to')
  judgeConditions(only(assertion, ns.assertion, 'Conditions', 'conditions'), expected)

  const [statement] = children(assertion, ns.assertion, 'AuthnStatement')
  const provenAtMs = statement === undefined ? undefined : timeOf(statement, 'AuthnInstant')
  if (statement === undefined || provenAtMs === undefined || provenAtMs > nowMs + skewMs) throw new AnswerError('authn_statement')
  if ((timeOf(statement, 'SessionNotOnOrAfter') ?? Number.POSITIVE_INFINITY) <= nowMs - skewMs) throw new AnswerError('ended')
  const sessionIndex = attributeOf(statement, 'SessionIndex')
  const [context] = children(statement, ns.assertion, 'AuthnContext')
  return {
    id,
    request,
    nameId,
    ...(sessionIndex === undefined ? {} : { sessionIndex }),
    context: textOf(children(context, ns.assertion, 'AuthnContextClassRef')[0]),
    provenAtMs,
    attributes: attributesOf(assertion),
  }
}

export function nameIdOf(element: Element): NameId {
  const value = textOf(element)
  if (value === '' || value.length > 512) throw new AnswerError('subject')
  const named = {
    format: attributeOf(element, 'Format'),
    nameQualifier: attributeOf(element, 'NameQualifier'),
    spNameQualifier: attributeOf(element, 'SPNameQualifier'),
  }
  return { value, ...Object.fromEntries(Object.entries(named).filter(([, one]) => one !== undefined)) }
}

/** @returns the request that one of its bearer confirmations answers. @throws AnswerError with what the last of them lacks */
function confirmed(subject: Element, { recipient, nowMs }: Expected): string {
  let lacking = 'confirmation'
  for (const confirmation of children(subject, ns.assertion, 'SubjectConfirmation')) {
    const [data] = children(confirmation, ns.assertion, 'SubjectConfirmationData')
    if (confirmation.getAttribute('Method') !== bearer || data === undefined) continue
    const request = attributeOf(data, 'InResponseTo')
    const endsMs = timeOf(data, 'NotOnOrAfter')
    if (attributeOf(data, 'Recipient') !== recipient) lacking = 'recipient'
    // Whoever was not sent from here is not let in: there would be no browser that the answer is for.
    else if (request === undefined || request === '') lacking = 'unsolicited'
    else if (endsMs === undefined || endsMs <= nowMs - skewMs) lacking = 'ended'
    else if (data.hasAttribute('NotBefore')) lacking = 'confirmation'
    else return request
  }
  throw new AnswerError(lacking)
}

function judgeConditions(conditions: Element, { audience, nowMs }: Expected): void {
  if ((timeOf(conditions, 'NotBefore') ?? 0) > nowMs + skewMs) throw new AnswerError('not_before')
  if ((timeOf(conditions, 'NotOnOrAfter') ?? Number.POSITIVE_INFINITY) <= nowMs - skewMs) throw new AnswerError('ended')
  if (!elements(conditions).every(({ localName }) => conditionsKnown.has(localName))) throw new AnswerError('condition')
  const restrictions = children(conditions, ns.assertion, 'AudienceRestriction')
  const meant = (restriction: Element) => children(restriction, ns.assertion, 'Audience').some((one) => textOf(one) === audience)
  if (restrictions.length === 0 || !restrictions.every(meant)) throw new AnswerError('audience')
}

function attributesOf(assertion: Element): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, string[]>()
  for (const statement of children(assertion, ns.assertion, 'AttributeStatement')) {
    for (const attribute of children(statement, ns.assertion, 'Attribute')) {
      const name = attribute.getAttribute('Name') ?? ''
      const values = children(attribute, ns.assertion, 'AttributeValue').map(textOf)
      found.set(name, [...(found.get(name) ?? []), ...values])
    }
  }
  return Object.fromEntries(found)
}

/** An instant of xs:dateTime with its zone. @throws AnswerError where there is something else */
export function timeOf(element: Element, name: string): number | undefined {
  const text = attributeOf(element, name)
  if (text === undefined) return undefined
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw new AnswerError('time')
  return ms
}
