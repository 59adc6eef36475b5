/**
 * What somebody takes along who is sent to sign in elsewhere: a cookie that this browser holds and no page can read. State, nonce
 * and the verifier of PKCE, or the id of a SAML request, are made from it with a key of the node, so that nothing is stored for whoever only begins, and an answer
 * serves the browser that asked, for that provider, once, for ten minutes.
 */
import type { Id } from '@gatehouse/core/id'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import { concat, fromBase64url, lengthPrefixed, readU32, toBase64url, u32 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import { providerLimits } from './schema.ts'

const seedLength = 32
const bodyLength = seedLength + 8
const markLength = 32

export interface Ticket {
  /** The cookie. */
  readonly token: string
  readonly state: string
  readonly nonce: string
  /** RFC 7636: 43 characters of the alphabet that section 4.1 allows. */
  readonly verifier: string
  /** The id of a SAML request: an xs:ID, so it begins with a letter or underscore. */
  readonly request: string
  readonly endsAt: Instant
  readonly digest: Uint8Array
}

export async function newTicket(node: Node, provider: Id<'identity_provider'>): Promise<Ticket> {
  const endMs = node.source.nowMs() + providerLimits.awayMinutes * 60_000
  const body = concat(node.keys.primitives.randomBytes(seedLength), u32(Math.floor(endMs / 2 ** 32)), u32(endMs % 2 ** 32))
  const mark = await derived(node, provider, 'mark', body)
  return ticketOf(node, provider, concat(body, mark), endMs)
}

/** @returns `undefined` unless the node gave this ticket for this provider and it has not ended */
export async function readTicket(node: Node, provider: Id<'identity_provider'>, token: string | undefined): Promise<Ticket | undefined> {
  const bytes = token === undefined ? undefined : fromBase64url(token)
  if (bytes === undefined || bytes.length !== bodyLength + markLength) return undefined
  const body = bytes.subarray(0, bodyLength)
  if (!node.keys.primitives.equal(bytes.subarray(bodyLength), await derived(node, provider, 'mark', body))) return undefined
  const endMs = readU32(bytes, seedLength) * 2 ** 32 + readU32(bytes, seedLength + 4)
  return endMs <= node.source.nowMs() ? undefined : ticketOf(node, provider, bytes, endMs)
}

async function ticketOf(node: Node, provider: Id<'identity_provider'>, bytes: Uint8Array, endMs: number): Promise<Ticket> {
  const body = bytes.subarray(0, bodyLength)
  const text = async (use: 'state' | 'nonce' | 'verifier' | 'request') => toBase64url(await derived(node, provider, use, body))
  return {
    token: toBase64url(bytes),
    state: await text('state'),
    nonce: await text('nonce'),
    verifier: await text('verifier'),
    request: `_${await text('request')}`,
    endsAt: instantOf(endMs),
    digest: node.keys.primitives.sha256(bytes),
  }
}

async function derived(node: Node, provider: string, use: string, body: Uint8Array): Promise<Uint8Array> {
  const key = await node.keys.secret(nodeTenant, 'identity/ticket')
  return commitment(node.keys.primitives, key, 'gatehouse/identity/ticket/v1', lengthPrefixed([use, provider, body]))
}
