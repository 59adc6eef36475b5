/** SAML identity providers: a real one, of another library than the node's, and a forger that writes and signs whatever it is told. */
import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { inflateRawSync } from 'node:zlib'
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import { Constants, IdentityProvider, SamlLib, ServiceProvider, setSchemaValidator } from 'samlify'
import { SignedXml } from 'xml-crypto'
import { closed, listening } from '../../testing/provider.ts'

// The provider's side of the conversation is not what is tested.
setSchemaValidator({ validate: async () => 'taken' })

export interface SamlAccount {
  readonly nameId: string
  readonly email?: string
  readonly name?: string
  readonly groups?: string
  readonly context?: string
}

/** What a provider's page posts. */
export interface Posted {
  readonly SAMLResponse: string
  readonly RelayState: string
}

export const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
export const passwordContext = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'
const elsewhere = 'https://login.lakeside.example'
const attributes = ['email', 'displayName', 'groups']

export type SigningKey = Awaited<ReturnType<typeof signingKey>>
export const signingKey = (nowMs: number, days = 30) => makeCertificate(['login.lakeside.example'], nowMs, 'provider', { kind: 'rsa', days })

export interface SamlProviderWays {
  readonly signs?: 'assertion' | 'response'
  readonly encrypts?: boolean
  readonly wantsSigned?: boolean
  /** Where its pages are. */
  readonly base?: string
}

/** `samlify` as the provider, which knows of the node what the node's metadata says. */
export function samlifyProvider(
  { cert, key }: Pick<SigningKey, 'cert' | 'key'>,
  nowMs: () => number,
  { signs = 'assertion', encrypts = false, wantsSigned = false, base = elsewhere }: SamlProviderWays = {},
) {
  const statement = `<saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="{SessionIndex}"><saml:AuthnContext><saml:AuthnContextClassRef>{Context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`
  const template = SamlLib.defaultLoginResponseTemplate.context.replace('{AuthnStatement}', statement)
  const places = (path: string) => [{ Binding: Constants.namespace.binding.redirect, Location: `${base}/${path}` }]
  const entityId = `${base}/saml`
  const provider = IdentityProvider({
    entityID: entityId,
    signingCert: cert,
    privateKey: key,
    wantAuthnRequestsSigned: wantsSigned,
    isAssertionEncrypted: encrypts,
    nameIDFormat: [persistent],
    singleSignOnService: places('sso'),
    singleLogoutService: places('slo'),
    requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    loginResponseTemplate: {
      context: template,
      attributes: attributes.map((name) => ({
        name,
        valueTag: name,
        nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
        valueXsiType: 'xs:string',
      })),
    },
  } as never)
  return {
    entityId,
    metadata: provider.getMetadata(),
    provider,
    /** Takes the request and answers it for this account. */
    async answer(location: string, metadata: string, account: SamlAccount): Promise<Posted> {
      const node = ServiceProvider({ metadata, wantMessageSigned: signs === 'response' } as never)
      const { searchParams, search } = new URL(location)
      const query = Object.fromEntries(searchParams)
      const octetString = search.slice(1).replace(/&Signature=.*/, '')
      const asked = await provider.parseLoginRequest(node, 'redirect', { query, octetString })
      const instant = (afterMs: number) => new Date(nowMs() + afterMs).toISOString()
      const { id = '' } = asked.extract.request as { id?: string }
      const acs = node.entityMeta.getAssertionConsumerService('post') as string
      const filled = (context: string) => ({
        id,
        context: SamlLib.replaceTagsByValue(context, {
          ID: newId(),
          AssertionID: newId(),
          Destination: acs,
          SubjectRecipient: acs,
          Audience: node.entityMeta.getEntityID(),
          Issuer: entityId,
          IssueInstant: instant(0),
          ConditionsNotBefore: instant(-1000),
          ConditionsNotOnOrAfter: instant(300_000),
          SubjectConfirmationDataNotOnOrAfter: instant(300_000),
          StatusCode: Constants.StatusCode.Success,
          NameIDFormat: persistent,
          NameID: account.nameId,
          InResponseTo: id,
          SessionIndex: `s${account.nameId}`,
          Context: account.context ?? passwordContext,
          attrEmail: account.email ?? '',
          attrDisplayName: account.name ?? '',
          attrGroups: account.groups ?? '',
        }),
      })
      const made = await provider.createLoginResponse(node, asked as never, 'post', { email: account.email ?? '' }, filled as never, encrypts)
      return { SAMLResponse: (made as { context: string }).context, RelayState: query.RelayState ?? '' }
    },
    /** Says that this one has signed out there. */
    leaving(metadata: string, { nameId }: Pick<SamlAccount, 'nameId'>): string {
      const node = ServiceProvider({ metadata, wantLogoutRequestSigned: true } as never)
      const id = newId()
      const filled = (context: string) => ({
        id,
        context: SamlLib.replaceTagsByValue(context, {
          ID: id,
          Destination: node.entityMeta.getSingleLogoutService('post') as string,
          Issuer: entityId,
          IssueInstant: new Date(nowMs()).toISOString(),
          NameIDFormat: persistent,
          NameID: nameId,
          SessionIndex: `s${nameId}`,
        }),
      })
      const made = provider.createLogoutRequest(node, 'post', {}, { customTagReplacement: filled } as never)
      return (made as { context: string }).context
    },
  }
}

/** The same with a page that the browser is sent to, which posts the response from its own site by itself. */
export async function samlPages(as: () => SamlAccount): Promise<{ readonly metadata: string; close(): Promise<void> }> {
  const handler = { now: (() => {}) as RequestListener }
  const { server, origin } = await listening(handler)
  // To a browser `localhost` and `127.0.0.1` are two sites.
  const base = origin.replace('127.0.0.1', 'localhost')
  const provider = samlifyProvider(await signingKey(Date.now()), Date.now, { base })
  handler.now = async (request, response) => {
    const location = new URL(request.url ?? '/', base)
    const acs =
      /AssertionConsumerServiceURL="([^"]+)"/.exec(inflateRawSync(Buffer.from(location.searchParams.get('SAMLRequest') ?? '', 'base64')).toString())?.[1] ?? ''
    const metadata = await (await fetch(acs.replace(/acs$/, 'metadata'))).text()
    const posted = await provider.answer(location.href, metadata, as())
    const fields = Object.entries(posted).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><form method="post" action="${acs}">${fields.join('')}</form><script>document.forms[0].submit()</script>`)
  }
  return { metadata: provider.metadata, close: () => closed(server) }
}

const newId = () => `_${randomBytes(16).toString('hex')}`

/** What a forged response says; whatever is not named is as it should be. */
export interface Forged {
  readonly request: string
  readonly acs: string
  readonly audience: string
  readonly nowMs: number
  readonly nameId?: string
  readonly format?: string
  readonly email?: string
  readonly issuer?: string
  readonly destination?: string
  readonly recipient?: string
  readonly confirmedUntilMs?: number
  readonly notBeforeMs?: number
  readonly notOnOrAfterMs?: number
  readonly issuedMs?: number
  readonly status?: string
  readonly subjectRequest?: string
  readonly conditions?: string
  readonly context?: string
  readonly provenAtMs?: number
}

const instant = (ms: number) => new Date(ms).toISOString()

export function responseOf(said: Forged): string {
  const { request, acs, audience, nowMs, issuer = `${elsewhere}/saml`, issuedMs = nowMs } = said
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r${newId()}" Version="2.0" IssueInstant="${instant(nowMs)}" Destination="${said.destination ?? acs}"${request === '' ? '' : ` InResponseTo="${request}"`}><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${said.status ?? 'Success'}"/></samlp:Status><saml:Assertion ID="_a${newId()}" Version="2.0" IssueInstant="${instant(issuedMs)}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${said.format ?? persistent}">${said.nameId ?? 'forged'}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${instant(said.confirmedUntilMs ?? nowMs + 300_000)}" Recipient="${said.recipient ?? acs}"${request === '' ? '' : ` InResponseTo="${said.subjectRequest ?? request}"`}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${instant(said.notBeforeMs ?? nowMs)}" NotOnOrAfter="${instant(said.notOnOrAfterMs ?? nowMs + 300_000)}">${said.conditions ?? `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>`}</saml:Conditions><saml:AuthnStatement AuthnInstant="${instant(said.provenAtMs ?? nowMs)}" SessionIndex="s"><saml:AuthnContext><saml:AuthnContextClassRef>${said.context ?? passwordContext}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="email"><saml:AttributeValue>${said.email ?? 'forged@lakeside.example'}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>`
}

export interface ForgedLogout {
  readonly nameId: string
  readonly destination: string
  readonly nowMs: number
  readonly issuer?: string
  readonly issuedMs?: number
  readonly endsMs?: number
}

export function logoutRequestOf({ nameId, destination, nowMs, issuer = `${elsewhere}/saml`, issuedMs = nowMs, endsMs = nowMs + 60_000 }: ForgedLogout): string {
  return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_l${newId()}" Version="2.0" IssueInstant="${instant(issuedMs)}" NotOnOrAfter="${instant(endsMs)}" Destination="${destination}"><saml:Issuer>${issuer}</saml:Issuer><saml:NameID Format="${persistent}">${nameId}</saml:NameID></samlp:LogoutRequest>`
}

export interface Signing {
  readonly part?: 'Response' | 'Assertion' | 'LogoutRequest'
  readonly signature?: string
  readonly digest?: string
  readonly transforms?: readonly string[]
}

export const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

export function signed(xml: string, key: string, { part = 'Assertion', signature, digest, transforms = [enveloped, exclusive] }: Signing = {}): string {
  const signer = new SignedXml({
    privateKey: key,
    canonicalizationAlgorithm: exclusive,
    signatureAlgorithm: signature ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  })
  signer.addReference({
    xpath: `//*[local-name(.)='${part}']`,
    transforms: [...transforms],
    digestAlgorithm: digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
  })
  signer.computeSignature(xml, { prefix: 'ds', location: { reference: `//*[local-name(.)='${part}']/*[local-name(.)='Issuer']`, action: 'after' } })
  return signer.getSignedXml()
}

export const base64 = (text: string) => Buffer.from(text).toString('base64')
