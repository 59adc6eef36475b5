import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptInvitation } from '../accept-invitation.ts'
import { invite } from '../invite.ts'
import { forgotPassword } from '../passwords/forgot-password.ts'
import { problems } from '../problems.ts'
import { readSession } from '../read-session.ts'
import type { SignedIn } from '../schema.ts'
import { signIn } from '../sign-in.ts'
import { Authenticator, ownParty } from '../testing/authenticator.ts'
import { browser, type IdentityNode, identityNode, password } from '../testing/identity.ts'
import { acceptByPasskey, invitedPasskey } from './accept-by-passkey.ts'
import { passkeyEntrance } from './passkey-options.ts'
import { signInByPasskey } from './sign-in-passkey.ts'

const grace = { email: 'grace@example.org', name: 'Grace Hopper', roles: ['officer'] }
let node: IdentityNode
let administrator: string
let token: string
let key: Authenticator
const invitationOf = async (more = {}) => (await node.done<{ token: string }>(invite, { ...grace, ...more }, browser({ sessionToken: administrator }))).token
beforeEach(async () => {
  node = await identityNode({ secondFactor: 'staff' })
  const admin = await node.firstAdministrator()
  administrator = admin.session_token
  // Whoever invites has a factor; how it was set up is told elsewhere.
  await node.door.node.database.transaction('node', (tx) => tx.change('UPDATE identity.session SET awaits = NULL, proven_at = created_at', []))
  node.clock.advance(1_000)
  token = await invitationOf()
  key = new Authenticator()
})
afterEach(() => node.close())

const challengeFor = async (invitation = token) =>
  (await node.done<{ options: { challenge: string } }>(invitedPasskey, { token: invitation })).options.challenge
const accept = (passkey: unknown, more = {}) => ({ token, label: 'Laptop', passkey, ...more })

describe('an invitation is accepted by a passkey', () => {
  it('and opens a whole session, with no password to be guessed', async () => {
    const begun = await node.done<SignedIn>(acceptByPasskey, accept(key.create(await challengeFor())))
    expect(begun).toMatchObject({ awaits: null, user: { email: grace.email, status: 'active' } })
    const session = await node.done<object>(readSession, {}, browser({ sessionToken: begun.session_token, safe: true }))
    expect(session).toMatchObject({ roles: ['officer'], factors: ['passkey'], awaits: null })
    for (const guess of [password, 'null', begun.user.id])
      expect((await node.refused(signIn, { email: grace.email, password: guess })).kind).toBe(problems.sign_in_refused)
    const { options } = await node.done<{ options: { challenge: string } }>(passkeyEntrance, {})
    expect((await node.done<SignedIn>(signInByPasskey, { passkey: key.get(options.challenge) })).user.id).toBe(begun.user.id)
  })

  it('once: neither again, nor by a password afterwards', async () => {
    const challenge = await challengeFor()
    await node.done(acceptByPasskey, accept(key.create(challenge)))
    expect((await node.refused(acceptByPasskey, accept(new Authenticator().create(challenge)))).kind).toBe(problems.token_refused)
    expect((await node.refused(acceptInvitation, { token, password })).kind).toBe(problems.token_refused)
    expect((await node.refused(invitedPasskey, { token })).kind).toBe(problems.token_refused)
  })

  it('and leads back in by mail when the passkey is lost', async () => {
    await node.done(acceptByPasskey, accept(key.create(await challengeFor())))
    await node.done(forgotPassword, { email: grace.email })
    expect(node.enqueued.at(-1)?.data).toMatchObject({ user: expect.any(String) })
  })
})

describe('an invitation is not accepted', () => {
  it('by a passkey made for another site, another challenge, another invitation, or without the finger; and survives all of it', async () => {
    const challenge = await challengeFor()
    const other = await invitationOf({ email: 'edsger@example.org', name: 'Edsger Dijkstra' })
    for (const passkey of [
      key.create(challenge, { id: 'evil.example', origin: 'https://evil.example' }),
      key.create((await node.done<{ options: { challenge: string } }>(passkeyEntrance, {})).options.challenge),
      key.create(await challengeFor(other)),
      key.create(await challengeFor(), ownParty, false),
    ])
      expect((await node.refused(acceptByPasskey, accept(passkey))).kind).toBe(problems.factor_refused)
    node.clock.advance(300_000)
    expect((await node.refused(acceptByPasskey, accept(key.create(challenge)))).kind).toBe(problems.factor_refused)
    await node.done(acceptByPasskey, accept(key.create(await challengeFor())))
  })

  it('from a page of another site, with somebody signed in, or by a token that nobody issued', async () => {
    const passkey = key.create(await challengeFor())
    const foreign = browser({ origin: 'https://evil.example' })
    expect((await node.refused(acceptByPasskey, accept(passkey), foreign)).kind).toBe(problems.foreign_origin)
    expect((await node.refused(invitedPasskey, { token }, foreign)).kind).toBe(problems.foreign_origin)
    expect((await node.refused(acceptByPasskey, accept(passkey), browser({ sessionToken: administrator }))).kind).toBe(problems.signed_in)
    for (const made of [`ghi_${'A'.repeat(43)}`, 'garbage']) {
      expect((await node.refused(acceptByPasskey, accept(passkey, { token: made }))).kind).toBe(problems.token_refused)
      expect((await node.refused(invitedPasskey, { token: made })).kind).toBe(problems.token_refused)
    }
  })
})
