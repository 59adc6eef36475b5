import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseSubject, registerSubjects, type Subject } from '../../subjects/index.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { authenticate } from './authenticate.ts'
import { closePerson } from './close-person.ts'
import { endUserSession } from './end-user-session.ts'
import { invitePerson } from './invite-person.ts'
import { listUserSessions } from './list-user-sessions.ts'
import { listUsers } from './list-users.ts'
import { problems } from './problems.ts'
import { readSession } from './read-session.ts'
import { readUser } from './read-user.ts'
import type { SignedIn, User } from './schema.ts'
import { browser, type IdentityNode, identityNode, password } from './testing/identity.ts'
import { updateUser } from './update-user.ts'

let node: IdentityNode
let officer: SignedIn
let jane: Subject
const asOfficer = () => browser({ sessionToken: officer.session_token })
const email = 'jane@example.org'
const invite = (more = {}) => {
  node.clock.advance(1)
  return node.done<{ user: User; token: string; link: string }>(invitePerson, { user_id: 'C000001', email, ...more }, asOfficer())
}
const refusedInvitation = async (more = {}) => (await node.refused(invitePerson, { user_id: 'C000001', email, ...more }, asOfficer())).kind
const accept = (token: string) => node.done<SignedIn>(acceptInvitation, { token, password })
const erase = () => node.database.transaction(tenant, (tx) => eraseSubject(tx, jane.id))
let tenant: IdentityNode['tenant']

beforeEach(async () => {
  node = await identityNode()
  officer = await node.firstAdministrator()
  const known = await authenticate(node.door.node, asOfficer())
  if (known === undefined || known === 'failed') throw new Error('not known')
  tenant = known.tenant
  jane = (await node.database.transaction(tenant, (tx) => registerSubjects(tx, node.door.node, ['C000001', 'C000002']))).get('C000001') as Subject
})
afterEach(() => node.close())

describe('a person is not invited', () => {
  it('whom nobody knows or who is erased, with one answer and one entry', async () => {
    await erase()
    const begun = await node.database.transaction('node', (tx) => tx.query('SELECT 1 FROM identity.user'))
    expect([await refusedInvitation(), await refusedInvitation({ user_id: 'C999999' })]).toEqual([problems.no_person, problems.no_person])
    const [unknown, erased] = node.entries.slice(-2).map(({ facts }) => facts)
    expect(erased).toEqual(unknown)
    expect(await node.database.transaction('node', (tx) => tx.query('SELECT 1 FROM identity.user'))).toEqual(begun)
  })

  it('twice, or under an address somebody has', async () => {
    expect(await refusedInvitation({ email: officer.user.email })).toBe(problems.email_taken)
    const { token } = await invite()
    expect(await refusedInvitation({ email: 'other@example.org' })).toBe(problems.person_has_account)
    expect(await refusedInvitation({ user_id: 'C000002' })).toBe(problems.email_taken)
    await accept(token)
    expect(await refusedInvitation()).toBe(problems.person_has_account)
  })
})

describe('a person', () => {
  it('signs in as that person and as nothing else, and the log holds the commitment', async () => {
    const { user, token } = await invite()
    expect(user).toMatchObject({ kind: 'person', roles: ['person'], status: 'invited', name: email })
    expect(node.entries.at(-1)?.facts).toMatchObject({ subject: { id: jane.id, commitment: jane.commitment }, object: { kind: 'user', id: user.id } })
    expect(JSON.stringify(node.entries)).not.toMatch(/C000001|jane@/)
    const { session_token } = await accept(token)
    expect(await authenticate(node.door.node, browser({ sessionToken: session_token }))).toMatchObject({ kind: 'user', subject: jane.id, roles: ['person'] })
    expect(await node.done(readSession, {}, browser({ sessionToken: session_token, safe: true }))).toMatchObject({
      kind: 'person',
      partner: null,
      rights: [
        { on: 'factor', may: ['create', 'read', 'delete', 'use'], own: true },
        { on: 'notification', may: ['read', 'update'], own: true },
        { on: 'own_connection', may: ['create', 'read', 'delete'], own: true },
        { on: 'own_consent', may: ['create', 'read', 'update', 'use'], own: true },
        { on: 'own_credential', may: ['create', 'read', 'update'], own: true },
        { on: 'own_disclosure', may: ['read', 'export'], own: true },
        { on: 'own_request', may: ['create', 'read'], own: true },
        { on: 'session', may: ['read', 'delete'], own: true },
      ],
    })
  })

  it('is unknown to administration', async () => {
    const { user, session } = await accept((await invite()).token)
    expect((await node.done<{ data: User[] }>(listUsers, {}, asOfficer())).data.map(({ kind }) => kind)).toEqual(['staff'])
    for (const [operation, input] of [
      [readUser, {}],
      [updateUser, { disabled: true }],
      [listUserSessions, {}],
      [endUserSession, { session }],
    ] as const) {
      await expect(node.ask(operation, { user: user.id, ...input }, asOfficer())).rejects.toMatchObject({ kind: doorProblems.not_found })
    }
  })

  it('is nobody within a second of being erased, and an invitation that was still open does not hold', async () => {
    const { token } = await invite()
    const { session_token } = await accept(token)
    const again = await node.done<{ token: string }>(invitePerson, { user_id: 'C000002', email: 'two@example.org' }, asOfficer())
    await node.database.transaction(tenant, async (tx) => {
      for (const subject of (await registerSubjects(tx, node.door.node, ['C000001', 'C000002'])).values()) await eraseSubject(tx, subject.id)
    })
    node.clock.advance(900)
    expect(await authenticate(node.door.node, browser({ sessionToken: session_token }))).toBeUndefined()
    await expect(node.signIn(email)).rejects.toMatchObject({ kind: problems.account_closed })
    await expect(accept(again.token)).rejects.toMatchObject({ kind: problems.account_closed })
  })

  it('leaves no address and no password behind when the account is closed, and may come back under another address', async () => {
    const { user, session_token } = await accept((await invite()).token)
    expect(await node.done(closePerson, { user_id: 'C000001' }, asOfficer())).toEqual({ user: user.id })
    node.clock.advance(900)
    expect(await authenticate(node.door.node, browser({ sessionToken: session_token }))).toBeUndefined()
    for (const user_id of ['C000001', 'C000002', 'C999999']) {
      expect((await node.refused(closePerson, { user_id }, asOfficer())).kind).toBe(doorProblems.not_found)
    }
    expect((await accept((await invite({ email: 'new@example.org', name: 'Jane Roe' })).token)).user.name).toBe('Jane Roe')
  })
})

describe('sessions of others', () => {
  it('are listed and ended by administration, and belong to the user that is named', async () => {
    node.clock.advance(1)
    const other = await node.signIn()
    const page = await node.done<{ data: { id: string; current: boolean }[] }>(listUserSessions, { user: officer.user.id }, asOfficer())
    expect(page.data.map(({ id, current }) => [id, current])).toEqual([
      [officer.session, true],
      [other.session, false],
    ])
    const missing = node.ask(endUserSession, { user: officer.user.id, session: '01980000-0000-7000-8000-00000000dead' }, asOfficer())
    await expect(missing).rejects.toMatchObject({ kind: doorProblems.not_found })
    await node.done(endUserSession, { user: officer.user.id, session: other.session }, asOfficer())
    node.clock.advance(900)
    expect(await authenticate(node.door.node, browser({ sessionToken: other.session_token }))).toBeUndefined()
  })
})
