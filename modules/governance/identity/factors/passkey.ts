/**
 * Passkeys (WebAuthn level 3). Reading and verifying what an authenticator answers is done by the library under better-auth's own
 * plugin; here stand the challenge, the origin and the account that an answer must belong to.
 */
import type { Id } from '@gatehouse/core/id'
import { fromBase64url, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import { limits, type passkeyAnswer } from '../schema.ts'
import { type ChallengeUse, newChallenge, spendChallenge } from './challenge.ts'
import { type FactorRow, usedFactor } from './store.ts'

/** Loaded by the first who uses a passkey. */
const library = () => import('@simplewebauthn/server')

type Answered = z.output<typeof passkeyAnswer>
type Party = { readonly id: string; readonly origin: string }

/** Passkeys belong to the name that stands in the address bar; there is none for a bare address. */
export function partyOf(node: Node): Party {
  const { origin } = node.addresses
  const { hostname, protocol, port } = new URL(origin)
  // Browsers give no passkeys to an IP address; on one machine `localhost` is the same node.
  if (hostname === '127.0.0.1' || hostname === '[::1]') return { id: 'localhost', origin: `${protocol}//localhost${port === '' ? '' : `:${port}`}` }
  return { id: hostname, origin }
}

/** What the browser is told to make. The user's handle is an opaque id; keys that the user has are left out. */
export async function creationOptions(node: Node, user: { readonly id: string; readonly email: string; readonly name: string }, known: readonly FactorRow[]) {
  const challenge = await newChallenge(node, `enrol ${user.id}`)
  const { generateRegistrationOptions } = await library()
  return generateRegistrationOptions({
    rpName: 'Gatehouse',
    rpID: partyOf(node).id,
    userName: user.email,
    userDisplayName: user.name,
    userID: new Uint8Array(utf8(user.id)),
    challenge: bytesOf(challenge),
    timeout: limits.challengeSeconds * 1000,
    attestationType: 'none',
    excludeCredentials: known.flatMap(({ credential_id }) => (credential_id === null ? [] : [{ id: credential_id }])),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** What the browser is told to answer; without `known` whichever passkey its owner chooses. */
export async function requestOptions(node: Node, use: ChallengeUse, known: readonly FactorRow[] = []) {
  const { generateAuthenticationOptions } = await library()
  return generateAuthenticationOptions({
    rpID: partyOf(node).id,
    challenge: bytesOf(await newChallenge(node, use)),
    timeout: limits.challengeSeconds * 1000,
    userVerification: 'required',
    allowCredentials: known.flatMap(({ credential_id, transports }) =>
      credential_id === null ? [] : [{ id: credential_id, transports: [...transports] as never[] }],
    ),
  })
}

interface NewPasskey {
  readonly credentialId: string
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly transports: readonly string[]
}

/** @returns `undefined` for an answer to another challenge, of another site, without the user's verification, or that was changed */
export async function madeBy(ctx: TransactionContext, user: Id<'user'>, answer: Answered): Promise<NewPasskey | undefined> {
  const party = partyOf(ctx.node)
  const { verifyRegistrationResponse } = await library()
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: answer as never,
      expectedChallenge: (challenge) => spendChallenge(ctx.node, ctx.tx, ctx.tenant, `enrol ${user}`, challenge),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    })
    if (!verified) return undefined
    const { credential } = registrationInfo
    return { credentialId: credential.id, publicKey: credential.publicKey, counter: credential.counter, transports: credential.transports ?? [] }
  } catch {
    // The library throws a plain error for whatever does not hold. Had the database failed, the act's next statement would fail too.
    return undefined
  }
}

/** The id of the account that the authenticator says it is of; nothing but a hint, since it is not signed. */
export function userHandleOf({ response }: Answered): string | undefined {
  const { userHandle } = response
  return typeof userHandle === 'string' && userHandle !== '' ? utf8Text(fromBase64url(userHandle) ?? new Uint8Array()) : undefined
}

/** Whether this passkey answered, here and to this challenge. A counter that went back is a copy of the key (section 6.1.1). */
export async function answeredBy(ctx: TransactionContext, key: FactorRow, answer: Answered, use: ChallengeUse): Promise<boolean> {
  if (key.credential_id === null || key.public_key === null) return false
  const party = partyOf(ctx.node)
  if ((userHandleOf(answer) ?? key.user_id) !== key.user_id) return false
  const { verifyAuthenticationResponse } = await library()
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as never,
      expectedChallenge: (challenge) => spendChallenge(ctx.node, ctx.tx, ctx.tenant, use, challenge),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id: key.credential_id, publicKey: new Uint8Array(key.public_key), counter: key.counter },
    })
    if (!verified) return false
    await usedFactor(ctx.tx, key.tenant_id, key.id, ctx.now, { counter: authenticationInfo.newCounter })
    return true
  } catch {
    return false
  }
}

function bytesOf(challenge: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(fromBase64url(challenge) ?? [])
}
