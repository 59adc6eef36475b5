/**
 * A wallet as somebody else might have written it: by the texts of OpenID4VCI and OpenID4VP, with jose and SHA-256, over HTTP. It
 * shares no code with the node. What it sends can be changed on the way, to do what a wallet must not.
 */
import { createHash } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever a server says
  readonly body: any
  readonly headers: Headers
}

async function replyOf(answer: Response): Promise<Reply> {
  const text = await answer.text()
  const json = /json/.test(answer.headers.get('content-type') ?? '')
  return { status: answer.status, body: json ? JSON.parse(text) : text, headers: answer.headers }
}
const get = async (url: string) => replyOf(await fetch(url))
const post = async (url: string, headers: Record<string, string> = {}, body?: string) =>
  replyOf(await fetch(url, { method: 'POST', headers, ...(body === undefined ? {} : { body }) }))
export const postForm = (url: string, form: Record<string, string>) =>
  post(url, { 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams(form).toString())
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

export interface ParsedOffer {
  readonly issuer: string
  readonly configuration: string
  readonly code: string
}

export function readOffer(uri: string): ParsedOffer {
  const offer = JSON.parse(new URL(uri).searchParams.get('credential_offer') ?? '')
  return {
    issuer: offer.credential_issuer,
    configuration: offer.credential_configuration_ids[0],
    code: offer.grants['urn:ietf:params:oauth:grant-type:pre-authorized_code']['pre-authorized_code'],
  }
}

/** The well-known place of an issuer with a path (OpenID4VCI 1.0 section 12.2.2, RFC 8414 section 3.1). */
export function wellKnown(issuer: string, name: string): string {
  const { origin, pathname } = new URL(issuer)
  return `${origin}/.well-known/${name}${pathname}`
}

export async function openWallet(alg: 'ES256' | 'EdDSA', nowMs: () => number) {
  const { publicKey, privateKey } = await generateKeyPair(alg, alg === 'EdDSA' ? { crv: 'Ed25519' } : {})
  const jwk = await exportJWK(publicKey)
  const now = () => Math.floor(nowMs() / 1000)
  const signed = (header: object, payload: object, by: CryptoKey = privateKey) => new SignJWT(payload as never).setProtectedHeader({ alg, ...header }).sign(by)

  const redeem = async ({ issuer, code }: ParsedOffer, txCode: string, more: Record<string, string> = {}) => {
    const server = await get(wellKnown(issuer, 'oauth-authorization-server'))
    return postForm(server.body.token_endpoint, {
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': code,
      tx_code: txCode,
      ...more,
    })
  }
  const prove = async (issuer: string, more: { header?: object; payload?: object } = {}) => {
    const metadata = await get(wellKnown(issuer, 'openid-credential-issuer'))
    const { c_nonce } = (await post(metadata.body.nonce_endpoint)).body
    return signed({ typ: 'openid4vci-proof+jwt', jwk, ...more.header }, { aud: issuer, iat: now(), nonce: c_nonce, ...more.payload })
  }
  const fetchWith = async ({ issuer, configuration }: ParsedOffer, token: string, proof: string) => {
    const metadata = await get(wellKnown(issuer, 'openid-credential-issuer'))
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return post(metadata.body.credential_endpoint, headers, JSON.stringify({ credential_configuration_id: configuration, proofs: { jwt: [proof] } }))
  }
  return {
    jwk,
    now,
    signed,
    redeem,
    prove,
    fetchWith,
    /** From an offer to the credential, the whole way. */
    async accept({ uri, tx_code }: { uri: string; tx_code: string }): Promise<string> {
      const offer = readOffer(uri)
      const token = await redeem(offer, tx_code)
      const answer = await fetchWith(offer, token.body.access_token, await prove(offer.issuer))
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
      return answer.body.credentials[0].credential
    },
    /** Signs what is shown for a verifier. */
    async bind(shown: string, claims: { aud: string; nonce: string; iat?: number; sd_hash?: string }, typ = 'kb+jwt') {
      return shown + (await signed({ typ }, { iat: now(), sd_hash: sha256(shown), ...claims }))
    },
  }
}
export type Wallet = Awaited<ReturnType<typeof openWallet>>

export interface Asked {
  readonly client_id: string
  readonly response_uri: string
  readonly nonce: string
  readonly state: string
  readonly dcql_query: {
    readonly credentials: readonly {
      readonly id: string
      readonly meta: { readonly vct_values: readonly string[] }
      readonly claims: readonly { readonly path: readonly [string] }[]
    }[]
  }
}

/** Takes a request only with the signature of the DID it comes from. @throws what a wallet would show instead of asking its owner */
export async function readRequest(uri: string, nowMs: number, change = (text: string) => text): Promise<Asked> {
  const link = new URL(uri).searchParams
  const clientId = link.get('client_id') ?? ''
  const did = clientId.replace(/^decentralized_identifier:/, '')
  const [host = '', ...path] = did.replace(/^did:web:/, '').split(':')
  const document = await get(`http://${decodeURIComponent(host)}/${path.join('/')}/did.json`)
  const answer = await get(link.get('request_uri') ?? '')
  if (answer.status !== 200) throw new Error(`the request is not there: ${answer.status}`)
  const text = change(answer.body as string)
  const { payload } = await jwtVerify(
    text,
    async ({ kid }) => {
      const method = document.body.verificationMethod.find((one: { id: string }) => one.id === kid)
      return importJWK(method.publicKeyJwk as JWK, 'EdDSA')
    },
    { typ: 'oauth-authz-req+jwt', algorithms: ['EdDSA'], currentDate: new Date(nowMs) },
  )
  if (payload.client_id !== clientId || payload.response_mode !== 'direct_post') throw new Error('not the request that the link names')
  return payload as unknown as Asked
}

/** Of a credential with its disclosures: only the claims named. */
export function show(credential: string, names: readonly string[]): string {
  const [jwt = '', ...disclosures] = credential.split('~').filter((part) => part !== '')
  const chosen = disclosures.filter((text) => names.includes(JSON.parse(Buffer.from(text, 'base64url').toString())[1]))
  return `${[jwt, ...chosen].join('~')}~`
}

export const vpToken = (asked: Asked, presentation: string) => JSON.stringify({ [asked.dcql_query.credentials[0]?.id ?? '']: [presentation] })
