/** What an HTTP source is asked with. A credential is only ever a header; it stands in no address and in no message. */
import { Buffer } from 'node:buffer'
import type { Egress } from '@gatehouse/runtime/data/egress'
import { z } from 'zod'
import { ConnectorError } from '../connector.ts'
import { memberOf, parseDocument } from '../json/document.ts'
import { say } from '../words.ts'
import { addressSchema } from './address.ts'
import { answered } from './answered.ts'

const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\x20-\x7e]+$/, 'printable ASCII characters, without line breaks')

/** What a request says of itself cannot be a key. */
const ownHeaders = new Set(['accept', 'connection', 'content-length', 'content-type', 'cookie', 'expect', 'host', 'te', 'transfer-encoding', 'upgrade'])

export const credentialSchema = z.union([
  z.strictObject({ bearer: printable(8_192) }).describe('A token that is sent as it is'),
  z
    .strictObject({
      header: z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/)
        .refine((name) => !ownHeaders.has(name.toLowerCase()), 'a header of its own, such as x-api-key'),
      value: printable(8_192),
    })
    .describe('A key in a header of its own'),
  z.strictObject({ user: printable(200).regex(/^[^:]+$/, 'without a colon'), password: printable(1_000) }).describe('HTTP Basic'),
  z
    .strictObject({ client_id: printable(500), client_secret: printable(1_000) })
    .describe('OAuth 2.0 client credentials, exchanged at the `oauth` of the settings for a token'),
])
export type Credential = z.output<typeof credentialSchema>

export const oauthSchema = z
  .strictObject({ token_url: addressSchema, scope: printable(1_000).optional(), audience: printable(500).optional() })
  .describe('Where client credentials become a token (RFC 6749, 4.4)')

export type OAuth = z.output<typeof oauthSchema>

/** What is put into the headers of a request. */
export interface Authority {
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>
  /** The source did not take them: whether there may be others by now. */
  refused(): boolean
}

const tokenBytesMax = 65_536
const tokenTimeoutMs = 15_000
/** A token is not used in its last moments, when it would end on the way. */
const marginMs = 30_000

export function authorityOf(egress: Pick<Egress, 'send'>, nowMs: () => number, oauth: OAuth | undefined, credential: Credential | undefined): Authority {
  if (credential === undefined) return fixed({})
  if ('bearer' in credential) return fixed({ authorization: `Bearer ${credential.bearer}` })
  if ('header' in credential) return fixed({ [credential.header.toLowerCase()]: credential.value })
  if ('user' in credential) return fixed({ authorization: basic(credential.user, credential.password) })
  if (oauth === undefined) throw new ConnectorError('refused', say('oauth_needed'))
  return exchanged(egress, nowMs, oauth, credential)
}

const fixed = (headers: Readonly<Record<string, string>>): Authority => ({ headers: async () => headers, refused: () => false })
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`

function exchanged(
  egress: Pick<Egress, 'send'>,
  nowMs: () => number,
  { token_url, scope, audience }: OAuth,
  { client_id, client_secret }: Extract<Credential, { client_id: string }>,
): Authority {
  let held: { readonly token: string; readonly untilMs: number } | undefined
  const host = new URL(token_url).hostname

  async function ask(signal: AbortSignal): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }), ...(audience && { audience }) }).toString()
    // RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
    const authorization = basic(encodeURIComponent(client_id), encodeURIComponent(client_secret))
    const headers = { authorization, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
    const { status, body: text } = await answered(host, () =>
      egress.send(token_url, { method: 'POST', headers, body, timeoutMs: tokenTimeoutMs, bytesMax: tokenBytesMax, signal }),
    )
    if (status !== 200) throw new ConnectorError('refused', say('no_token', { host, status }))
    const document = parseDocument(text, host)
    const token = memberOf(document, 'access_token')
    const type = memberOf(document, 'token_type')
    const seconds = memberOf(document, 'expires_in')
    if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token) || typeof type !== 'string' || type.toLowerCase() !== 'bearer')
      throw new ConnectorError('refused', say('no_bearer_token', { host }))
    held = { token, untilMs: nowMs() + (typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : 300_000) - marginMs }
    return token
  }

  return {
    async headers(signal) {
      const token = held !== undefined && nowMs() < held.untilMs ? held.token : await ask(signal)
      return { authorization: `Bearer ${token}` }
    },
    refused() {
      const had = held !== undefined
      held = undefined
      return had
    },
  }
}
