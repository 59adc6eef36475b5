/** The token by which a provider says that somebody has signed out (OpenID Connect Back-Channel Logout 1.0, section 2.6). */
import type { Node } from '@gatehouse/runtime/door/node'
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Leaving } from '../end-named.ts'
import { AnswerError } from '../protocol.ts'
import { algorithms, keysOf } from './client.ts'
import type { OidcProvider } from './provider.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'
const ageSeconds = 300
const skewSeconds = 30

/** @throws AnswerError, ProviderError */
export async function leavingBy(node: Node, provider: OidcProvider, token: string): Promise<Leaving> {
  const { sub, sid, jti, nonce, events } = await verified(node, provider, token)
  const said = events !== null && typeof events === 'object' && event in events
  // With a nonce it would be an ID token that is passed off as this.
  if (!said || nonce !== undefined || typeof jti !== 'string') throw new AnswerError('no_logout_token')
  return { once: jti, ...(typeof sub === 'string' ? { name: sub } : {}), sessions: typeof sid === 'string' ? [sid] : [] }
}

async function verified(node: Node, provider: OidcProvider, token: string): Promise<JWTPayload> {
  const { issuer, client_id: audience } = provider
  const options = {
    issuer,
    audience,
    algorithms,
    maxTokenAge: ageSeconds,
    clockTolerance: skewSeconds,
    currentDate: new Date(node.source.nowMs()),
  }
  try {
    return (await jwtVerify(token, createLocalJWKSet(await keysOf(node, provider)), options)).payload
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new AnswerError(error.code.toLowerCase())
    throw error
  }
}
