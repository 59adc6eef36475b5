import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptInvitation } from './accept-invitation.ts'
import { authenticate } from './authenticate.ts'
import { invite } from './invite.ts'
import { listUsers } from './list-users.ts'
import { problems } from './problems.ts'
import type { SignedIn, User } from './schema.ts'
import { browser, type IdentityNode, identityNode, password } from './testing/identity.ts'
import { updateUser } from './update-user.ts'

let node: IdentityNode
let admin: SignedIn
beforeEach(async () => {
  node = await identityNode()
  admin = await node.firstAdministrator()
})
afterEach(() => node.close())

interface Invited {
  user: User
  token: string
  link: string
}
const asAdmin = () => browser({ sessionToken: admin.session_token })
const grace = { email: 'grace@example.org', name: 'Grace Hopper', roles: ['officer'] }
const invited = (more = {}) => {
  // Ids made in the same millisecond have no order.
  node.clock.advance(1)
  return node.done<Invited>(invite, { ...grace, ...more }, asAdmin())
}
const accept = (token: string) => node.done<SignedIn>(acceptInvitation, { token, password })
const change = (user: string, input: object) => node.ask(updateUser, { user, ...input }, asAdmin())

describe('an invitation is refused', () => {
  it('when it is used twice, at the same moment too', async () => {
    const { token } = await invited()
    const answers = await Promise.all([1, 2, 3].map(() => node.ask(acceptInvitation, { token, password })))
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused', 'refused'])
    expect((await node.refused(acceptInvitation, { token, password })).kind).toBe(problems.token_refused)
  })

  it('after three days, when replaced, and when the person is disabled meanwhile', async () => {
    const { token: replaced } = await invited()
    const { token, user } = await invited()
    expect((await node.refused(acceptInvitation, { token: replaced, password })).kind).toBe(problems.token_refused)
    await change(user.id, { disabled: true })
    expect((await node.refused(acceptInvitation, { token, password })).kind).toBe(problems.token_refused)
    await change(user.id, { disabled: false })
    node.clock.advance(72 * 3_600_000)
    expect((await node.refused(acceptInvitation, { token, password })).kind).toBe(problems.token_refused)
  })

  it('with a password made of the own address, which does not spend it', async () => {
    const { token } = await invited()
    expect((await node.refused(acceptInvitation, { token, password: 'grace@example.org' })).kind).toBe(problems.password_refused)
    expect((await accept(token)).user.name).toBe(grace.name)
  })

  it('for an address somebody has already', async () => {
    await accept((await invited()).token)
    expect((await node.refused(invite, grace, asAdmin())).kind).toBe(problems.email_taken)
  })

  it('for roles that people cannot have', async () => {
    await expect(node.ask(invite, { ...grace, roles: ['partner'] }, asAdmin())).rejects.toMatchObject({ kind: doorProblems.input_invalid })
  })
})

describe('an invited person', () => {
  it('becomes active by setting a password, with the roles of the invitation', async () => {
    const { link, token, user } = await invited()
    expect(link).toBe(`http://127.0.0.1:5000/accept-invitation#${token}`)
    expect(user.status).toBe('invited')
    const session = await accept(token)
    expect(session.user).toMatchObject({ id: user.id, roles: ['officer'], status: 'active' })
    const page = await node.done<{ data: User[] }>(listUsers, {}, asAdmin())
    expect(page.data.map(({ email, status }) => [email, status])).toEqual([
      ['ada@example.org', 'active'],
      ['grace@example.org', 'active'],
    ])
  })

  it('is listed page by page', async () => {
    await invited()
    const first = await node.done<{ data: User[]; next: string }>(listUsers, { limit: 1 }, asAdmin())
    const second = await node.done<{ data: User[]; next: null }>(listUsers, { limit: 1, cursor: first.next }, asAdmin())
    expect([first.data.length, second.data[0]?.email, second.next]).toEqual([1, grace.email, null])
    await expect(node.ask(listUsers, { cursor: 'x' }, asAdmin())).rejects.toMatchObject({ kind: doorProblems.input_invalid })
  })
})

describe('changing a user', () => {
  it('never removes the last administrator, by role or by disabling', async () => {
    await invited({ roles: ['administrator'] })
    for (const input of [{ roles: ['officer'] }, { disabled: true }]) {
      expect(await change(admin.user.id, input)).toMatchObject({ outcome: 'refused', problem: { kind: problems.last_administrator } })
    }
  })

  it('leaves one of two administrators who remove each other at the same moment', async () => {
    const { token, user } = await invited({ roles: ['administrator'] })
    await accept(token)
    const answers = await Promise.all([change(admin.user.id, { roles: ['officer'] }), change(user.id, { roles: ['officer'] })])
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused'])
  })

  it('ends live sessions within a second, unless the roles stay the same', async () => {
    const { token, user } = await invited()
    let { session_token } = await accept(token)
    const who = async () => {
      node.clock.advance(900)
      return authenticate(node.door.node, browser({ sessionToken: session_token }))
    }
    await change(user.id, { roles: ['officer'] })
    expect(await who()).toMatchObject({ roles: ['officer'] })
    await change(user.id, { roles: ['auditor'] })
    expect(await who()).toBeUndefined()
    ;({ session_token } = await node.signIn(grace.email))
    expect(await who()).toMatchObject({ roles: ['auditor'] })
    await change(user.id, { disabled: true })
    expect(await who()).toBeUndefined()
    await expect(node.signIn(grace.email)).rejects.toMatchObject({ kind: problems.sign_in_refused })
  })

  it('knows nobody of another id', async () => {
    await expect(change('01980000-0000-7000-8000-00000000dead', { roles: ['officer'] })).rejects.toMatchObject({ kind: doorProblems.not_found })
  })
})
