import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { partnersModule } from '../partners/index.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { authenticate } from './authenticate.ts'
import { inviteEngineer } from './invite-engineer.ts'
import { issueKey } from './issue-key.ts'
import { listEngineers } from './list-engineers.ts'
import { listKeys } from './list-keys.ts'
import { listUsers } from './list-users.ts'
import { problems } from './problems.ts'
import { readSession } from './read-session.ts'
import { readUser } from './read-user.ts'
import { revokeKey } from './revoke-key.ts'
import type { ApiKey, SignedIn, User } from './schema.ts'
import { stillHold } from './still-hold.ts'
import { browser, type IdentityNode, identityNode, password } from './testing/identity.ts'
import { updateUser } from './update-user.ts'

let node: IdentityNode
let admin: SignedIn
let mine: { id: string }
let theirs: { id: string }
let engineer: SignedIn
const partners = (name: string) => partnersModule.operations.find((operation) => operation.name === name) as (typeof partnersModule.operations)[number]
const asAdmin = () => browser({ sessionToken: admin.session_token })
const asEngineer = (more = {}) => browser({ sessionToken: engineer.session_token, ...more })
const edsger = { partner: 'acme-bank', email: 'edsger@acme-bank.example', name: 'Edsger Dijkstra' }
const invite = (more = {}) => {
  node.clock.advance(1)
  return node.done<{ user: User; token: string }>(inviteEngineer, { ...edsger, ...more }, asAdmin())
}
const accept = (token: string) => node.done<SignedIn>(acceptInvitation, { token, password })
const keyOf = (partner: string) => node.done<{ key: string; api_key: ApiKey }>(issueKey, { partner, label: 'production' }, asAdmin())

beforeEach(async () => {
  node = await identityNode()
  admin = await node.firstAdministrator()
  mine = await node.done(partners('partners.create'), { reference: 'acme-bank', name: 'Acme Bank' }, asAdmin())
  theirs = await node.done(partners('partners.create'), { reference: 'other-bank', name: 'Other Bank' }, asAdmin())
  engineer = await accept((await invite()).token)
})
afterEach(() => node.close())

describe('an engineer', () => {
  it('is not invited for a partner that is none or suspended, nor under an address of somebody else', async () => {
    await node.done(partners('partners.update'), { partner: 'other-bank', status: 'suspended' }, asAdmin())
    for (const partner of ['nobody', 'other-bank']) {
      expect((await node.refused(inviteEngineer, { ...edsger, partner, email: 'x@example.org' }, asAdmin())).kind).toBe(problems.no_partner)
    }
    expect((await node.refused(inviteEngineer, edsger, asAdmin())).kind).toBe(problems.email_taken)
  })

  it('is not taken over by an invitation for another partner while unused', async () => {
    await invite({ email: 'new@acme-bank.example' })
    const refused = await node.refused(inviteEngineer, { ...edsger, partner: 'other-bank', email: 'new@acme-bank.example' }, asAdmin())
    expect(refused.kind).toBe(problems.email_taken)
    expect((await invite({ email: 'new@acme-bank.example' })).user.partner).toBe(mine.id)
  })

  it('finds nothing of another partner by its id, and cannot tell it from none', async () => {
    const { api_key } = await keyOf('other-bank')
    for (const partner of ['other-bank', theirs.id, 'nobody']) {
      await expect(node.ask(listKeys, { partner }, asEngineer({ safe: true }))).rejects.toMatchObject({ kind: doorProblems.not_found })
      expect((await node.refused(issueKey, { partner, label: 'x' }, asEngineer())).kind).toBe(problems.no_partner)
    }
    await expect(node.ask(revokeKey, { key: api_key.id }, asEngineer())).rejects.toMatchObject({ kind: doorProblems.not_found })
    expect(await authenticate(node.door.node, browser({ authorization: `Bearer ${(await keyOf('other-bank')).key}` }))).toMatchObject({ partner: theirs.id })
    expect((await node.refused(partners('partners.read'), { partner: 'other-bank' }, asEngineer({ safe: true }))).kind).toBe(doorProblems.not_found)
    expect(await node.done(partners('partners.read'), { partner: 'acme-bank' }, asEngineer({ safe: true }))).toMatchObject({ id: mine.id })
  })

  it('cannot be given roles of staff', async () => {
    expect((await node.refused(updateUser, { user: engineer.user.id, roles: ['administrator'] }, asAdmin())).kind).toBe(problems.roles_fixed)
    const change = node.database.transaction('node', (tx) => tx.change("UPDATE identity.user SET roles = '{administrator}' WHERE partner_id IS NOT NULL"))
    await expect(change).rejects.toThrow(/check constraint/)
  })

  it('is nobody within a second of the suspension of the partner, and signs in again when it is over', async () => {
    const principal = await authenticate(node.door.node, asEngineer())
    if (principal === undefined || principal === 'failed') throw new Error('not known')
    const still = () => stillHold(node.door.node, principal.tenant, [principal])
    expect(await still()).toEqual([true])
    await node.done(partners('partners.update'), { partner: 'acme-bank', status: 'suspended' }, asAdmin())
    node.clock.advance(900)
    expect(await authenticate(node.door.node, asEngineer())).toBeUndefined()
    expect(await still()).toEqual([false])
    await expect(node.signIn(edsger.email)).rejects.toMatchObject({ kind: problems.account_closed })
    await node.done(partners('partners.update'), { partner: 'acme-bank', status: 'active' }, asAdmin())
    expect((await node.signIn(edsger.email)).user.kind).toBe('engineer')
  })

  it('rotates the keys of the own partner: a second one, then the end of the first', async () => {
    const first = await keyOf('acme-bank')
    const second = await node.done<{ key: string; api_key: ApiKey }>(issueKey, { label: 'next' }, asEngineer())
    expect(second.api_key).toMatchObject({ owner_kind: 'partner', owner: mine.id })
    expect(await node.done(revokeKey, { key: first.api_key.id }, asEngineer())).toMatchObject({ id: first.api_key.id, revoked_at: expect.any(String) })
    const page = await node.done<{ data: ApiKey[] }>(listKeys, { partner: 'acme-bank' }, asEngineer({ safe: true }))
    expect(page.data.map(({ owner }) => owner)).toEqual([mine.id, mine.id])
  })

  it('is told the partner and the rights, and is listed with the partner', async () => {
    const session = await node.done<{ rights: object[] }>(readSession, {}, asEngineer({ safe: true }))
    expect(session).toMatchObject({ kind: 'engineer', partner: mine.id, roles: ['engineer'], user: { kind: 'engineer', partner: mine.id } })
    expect(session.rights).toContainEqual({ on: 'release', may: ['read'], own: true })
    const listed = async (operation: typeof listUsers | typeof listEngineers, input: object) =>
      (await node.done<{ data: User[] }>(operation, input, asAdmin())).data.map(({ email }) => email)
    expect(await listed(listUsers, { kind: 'staff' })).toEqual([admin.user.email])
    expect(await listed(listUsers, { partner: 'acme-bank', status: 'active', role: 'engineer' })).toEqual([edsger.email])
    expect(await listed(listUsers, { partner: 'other-bank' })).toEqual([])
    expect(await listed(listUsers, { partner: 'nobody' })).toEqual([])
    expect(await listed(listEngineers, {})).toEqual([edsger.email])
    expect(await node.done(readUser, { user: engineer.user.id }, asAdmin())).toEqual(engineer.user)
  })
})
