import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { firstRun, firstRunToken } from './first-run.ts'
import { addInstitution } from './institutions/add.ts'
import { problems } from './problems.ts'
import { issueProcessCredential } from './process-credential.ts'
import type { SignedIn } from './schema.ts'
import { ada, browser, type IdentityNode, identityNode, password } from './testing/identity.ts'

let node: IdentityNode
beforeEach(async () => {
  node = await identityNode()
})
afterEach(() => node.close())
const freshToken = async () => (await firstRunToken(node.door.node)) as string

describe('the first run refuses', () => {
  it('a token nobody issued, garbage, and one of an earlier start', async () => {
    const earlier = await freshToken()
    await freshToken()
    for (const token of [earlier, `gh_first_${'A'.repeat(43)}`, 'garbage']) {
      expect((await node.refused(firstRun, { token, ...ada, password })).kind).toBe(problems.token_refused)
    }
  })

  it('a token after a day', async () => {
    const token = await freshToken()
    node.clock.advance(24 * 3_600_000)
    expect((await node.refused(firstRun, { token, ...ada, password })).kind).toBe(problems.token_refused)
  })

  it('nobody for the people of other institutions, which operators may add before the node has an administrator', async () => {
    const token = await freshToken()
    const machine = browser({ authorization: `Bearer ${await issueProcessCredential(node.door.node)}` })
    await node.done(addInstitution, { slug: 'lakeside', name: 'Lakeside', administrator: { email: 'grace@lakeside.example', name: 'Grace Hopper' } }, machine)
    expect(await node.done(firstRun, { token, ...ada, password })).toBeDefined()
    expect(await firstRunToken(node.door.node)).toBeUndefined()
  })

  it('a common password and keeps the token', async () => {
    const token = await freshToken()
    expect((await node.refused(firstRun, { token, ...ada, password: 'password12345' })).kind).toBe(problems.password_refused)
    expect(await node.done(firstRun, { token, ...ada, password })).toBeDefined()
  })

  it('a page of another site', async () => {
    const token = await freshToken()
    expect((await node.refused(firstRun, { token, ...ada, password }, browser({ origin: 'https://evil.example' }))).kind).toBe(problems.foreign_origin)
  })

  it('all but one of many at the same moment', async () => {
    const token = await freshToken()
    const answers = await Promise.all([1, 2, 3, 4].map((number) => node.ask(firstRun, { token, name: 'Ada', email: `ada${number}@example.org`, password })))
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused', 'refused', 'refused'])
    expect(await firstRunToken(node.door.node)).toBeUndefined()
  })
})

describe('the first run', () => {
  it('creates an administrator of the default institution, signs in, and says so in the ledger', async () => {
    const { user, session_token, session, expires_at } = await node.done<SignedIn>(firstRun, { token: await freshToken(), ...ada, password })
    expect(user).toMatchObject({ ...ada, roles: ['administrator'], status: 'active' })
    expect(expires_at).toBe('2026-11-22T21:30:00.000Z')
    const [entry] = node.entries
    expect(entry).toMatchObject({
      type: 'identity.first_run',
      actor: { kind: 'user', id: user.id },
      facts: { object: { kind: 'user', id: user.id }, details: { session } },
    })
    expect(JSON.stringify(node.entries)).not.toContain(session_token)
    expect(JSON.stringify(node.entries)).not.toContain('ada@')
  })

  it('offers no token once there is a user', async () => {
    await node.firstAdministrator()
    expect(await firstRunToken(node.door.node)).toBeUndefined()
  })
})
