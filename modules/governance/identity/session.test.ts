import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { authenticate } from './authenticate.ts'
import { endSession } from './end-session.ts'
import { listSessions } from './list-sessions.ts'
import { problems } from './problems.ts'
import { readSession } from './read-session.ts'
import type { SignedIn } from './schema.ts'
import { signOut } from './sign-out.ts'
import { ada, browser, type IdentityNode, identityNode } from './testing/identity.ts'
import { tidyLoop } from './tidy.ts'

let node: IdentityNode
let begun: SignedIn
beforeEach(async () => {
  node = await identityNode()
  begun = await node.firstAdministrator()
})
afterEach(() => node.close())

const reading = (token: string) => browser({ sessionToken: token, safe: true })
const who = (token: string, more = {}) => authenticate(node.door.node, { ...reading(token), ...more })
const minutes = (count: number) => node.clock.advance(count * 60_000)

describe('a session is refused', () => {
  it('when nobody issued it or it is garbage: the caller is nobody, and may sign in', async () => {
    for (const token of ['garbage', `ghs_${'A'.repeat(43)}`, '']) expect(await who(token)).toBeUndefined()
  })

  it('after an hour of silence', async () => {
    minutes(59)
    expect(await who(begun.session_token)).toMatchObject({ kind: 'user' })
    minutes(60)
    expect(await who(begun.session_token)).toBeUndefined()
  })

  it('after twelve hours, however busy it was', async () => {
    for (let hour = 0; hour < 12; hour++) {
      expect(await who(begun.session_token)).toMatchObject({ id: begun.user.id })
      minutes(59)
    }
    minutes(12)
    expect(await who(begun.session_token)).toBeUndefined()
  })

  it('within a second of signing out', async () => {
    await node.done(signOut, {}, browser({ sessionToken: begun.session_token }))
    node.clock.advance(900)
    expect(await who(begun.session_token)).toBeUndefined()
    await expect(node.ask(readSession, {}, reading(begun.session_token))).rejects.toMatchObject({ kind: doorProblems.not_authenticated })
  })

  it('for changes that come from another site or from nowhere', async () => {
    const own = { safe: false, origin: 'http://127.0.0.1:5000' }
    expect(await who(begun.session_token, own)).toMatchObject({ kind: 'user' })
    for (const origin of ['https://evil.example', 'null', undefined]) expect(await who(begun.session_token, { ...own, origin })).toBe('failed')
    expect(await who(begun.session_token, { safe: true, origin: undefined })).toMatchObject({ kind: 'user' })
  })
})

describe('a session', () => {
  it('tells its owner who is asking, without the token', async () => {
    const session = await node.done<object>(readSession, {}, reading(begun.session_token))
    expect(session).toMatchObject({ kind: 'staff', id: begun.user.id, roles: ['administrator'], user: { email: ada.email }, expires_at: begun.expires_at })
    expect(JSON.stringify(session)).not.toContain(begun.session_token)
  })

  it('tells what its owner may do, and only that', async () => {
    const { rights, partner } = await node.done<{ rights: object[]; partner: null }>(readSession, {}, reading(begun.session_token))
    expect(partner).toBeNull()
    expect(rights).toContainEqual({ on: 'user', may: ['create', 'read', 'update', 'delete'] })
    expect(rights).toContainEqual({ on: 'view', may: ['create', 'read', 'delete'], own: true })
    expect(rights).not.toContainEqual(expect.objectContaining({ on: 'consent' }))
  })

  it('is listed for its owner and can be ended from another device', async () => {
    node.clock.advance(1)
    const other = await node.signIn()
    const page = await node.done<{ data: { id: string; current: boolean }[] }>(listSessions, {}, reading(other.session_token))
    expect(page.data.map(({ id, current }) => [id, current])).toEqual([
      [begun.session, false],
      [other.session, true],
    ])
    await node.done(endSession, { session: begun.session }, browser({ sessionToken: other.session_token }))
    node.clock.advance(900)
    expect(await who(begun.session_token)).toBeUndefined()
    expect(await who(other.session_token)).toMatchObject({ session: other.session })
    await expect(node.ask(endSession, { session: begun.session }, browser({ sessionToken: other.session_token }))).rejects.toMatchObject({
      kind: doorProblems.not_found,
    })
  })

  it('does not exist for an API key, which cannot sign out', async () => {
    const answer = await node.door.enter(signOut, {}, node.principal({}))
    expect(answer).toMatchObject({ outcome: 'refused', problem: { kind: problems.no_session } })
  })

  it('is removed once time has ended it', async () => {
    minutes(61)
    await tidyLoop.run(node.door.node)
    const rows = await node.database.transaction('node', (tx) => tx.query('SELECT 1 FROM identity.session'))
    expect(rows).toEqual([])
  })
})
