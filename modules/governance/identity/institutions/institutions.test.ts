import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acceptInvitation } from '../accept-invitation.ts'
import { appointOperator, dismissOperator } from '../appoint-operator.ts'
import { invite } from '../invite.ts'
import { listUsers } from '../list-users.ts'
import { problems } from '../problems.ts'
import { issueProcessCredential } from '../process-credential.ts'
import { readSession } from '../read-session.ts'
import type { SignedIn, User } from '../schema.ts'
import { browser, type IdentityNode, identityNode, password } from '../testing/identity.ts'
import { updateUser } from '../update-user.ts'
import { addInstitution } from './add.ts'
import type { Institution } from './institution.ts'
import { inviteAdministrator } from './invite-administrator.ts'
import { listInstitutions } from './list.ts'

interface Added {
  institution: Institution
  invitation: { token: string; user: User }
}

let node: IdentityNode
let admin: SignedIn
let key: string
beforeEach(async () => {
  node = await identityNode({ secondFactor: 'nobody' })
  admin = await node.firstAdministrator()
  key = await issueProcessCredential(node.door.node)
})
afterEach(() => node.close())

const machine = () => browser({ authorization: `Bearer ${key}` })
const as = (session: SignedIn) => browser({ sessionToken: session.session_token })
const grace = { email: 'grace@lakeside.example', name: 'Grace Hopper' }
const lakeside = { slug: 'lakeside', name: 'Lakeside Clinic', administrator: grace }
const add = (knock = machine()) => node.done<Added>(addInstitution, lakeside, knock)
const list = async (knock = machine()) => (await node.done<{ data: Institution[] }>(listInstitutions, {}, knock)).data
const accept = (token: string) => node.done<SignedIn>(acceptInvitation, { token, password })

describe('institutions', () => {
  it('are added, listed and invited to by operators alone: an administrator of the node’s own institution is none', async () => {
    const { institution } = await add()
    for (const [operation, input] of [
      [addInstitution, { ...lakeside, slug: 'other' }],
      [listInstitutions, {}],
      [inviteAdministrator, { institution: institution.id, administrator: grace }],
    ] as const) {
      await expect(node.ask(operation, input, as(admin))).rejects.toMatchObject({ kind: { status: 403 } })
    }
  })

  it('have a name in addresses of their own, also when two are added at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => node.ask(addInstitution, lakeside, machine())))
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused', 'refused'])
    expect((await node.refused(addInstitution, lakeside, machine())).kind).toBe(problems.slug_taken)
    // Both may be of one millisecond, so their order says nothing.
    expect((await list()).map(({ slug, own }) => [slug, own]).sort()).toEqual([
      ['default', true],
      ['lakeside', false],
    ])
  })

  it('begin with one administrator, who sees nobody of another institution and is seen by none', async () => {
    const { institution, invitation } = await add()
    expect(institution).toMatchObject({ standing: 'unclaimed', staff: 0 })
    await node.database.transaction('node', (tx) => tx.change(`UPDATE tenancy.tenant SET settings = '{"second_factor": "nobody"}'`))
    const theirs = await accept(invitation.token)
    expect((await list()).find(({ slug }) => slug === 'lakeside')).toMatchObject({ standing: 'active', staff: 1 })
    const names = async (session: SignedIn) => (await node.done<{ data: User[] }>(listUsers, {}, as(session))).data.map(({ email }) => email)
    expect(await names(theirs)).toEqual([grace.email])
    expect(await names(admin)).toEqual(['ada@example.org'])
  })

  it('are told of in the log of the node’s own institution and in their own, without a name', async () => {
    const { institution, invitation } = await add()
    const added = node.entries.filter(({ type }) => type.startsWith('identity.add_institution'))
    expect(added.map(({ type }) => type)).toEqual(['identity.add_institution.opened', 'identity.add_institution'])
    expect(added.at(-1)?.facts.object).toEqual({ kind: 'tenant', id: institution.id })
    const own = await node.database.transaction(institution.id, (tx) => tx.query<{ type: string }>('SELECT type FROM ledger.entry'))
    expect(own.map(({ type }) => type)).toEqual(['identity.institution_added'])
    expect(JSON.stringify(node.entries)).not.toMatch(/Lakeside|lakeside|Grace/)
    expect(JSON.stringify(node.entries)).not.toContain(invitation.token)
  })
})

describe('the first administrator of an institution', () => {
  it('can be invited anew until somebody has come, and the earlier link ends', async () => {
    const { institution, invitation } = await add()
    const other = { email: 'joan@lakeside.example', name: 'Joan Clarke' }
    const { token } = await node.done<Added['invitation']>(inviteAdministrator, { institution: institution.id, administrator: other }, machine())
    expect((await node.refused(acceptInvitation, { token: invitation.token, password })).kind).toBe(problems.token_refused)
    expect((await accept(token)).user.email).toBe(other.email)
  })

  it('cannot be planted by an operator once the institution governs itself, also when its only account is closed', async () => {
    const { institution, invitation } = await add()
    await accept(invitation.token)
    const plant = () =>
      node.refused(inviteAdministrator, { institution: institution.id, administrator: { email: 'mallory@example.org', name: 'M' } }, machine())
    expect((await plant()).kind).toBe(problems.institution_claimed)
    await node.database.transaction('node', (tx) => tx.change('UPDATE identity.user SET disabled_at = now() WHERE tenant_id = $1', [institution.id]))
    expect((await plant()).kind).toBe(problems.institution_claimed)
  })

  it('who takes up the link at the moment of another invitation either is in, or finds it replaced', async () => {
    const { institution, invitation } = await add()
    const [accepted, replaced] = await Promise.all([
      node.ask(acceptInvitation, { token: invitation.token, password }),
      node.ask(inviteAdministrator, { institution: institution.id, administrator: { email: 'joan@lakeside.example', name: 'Joan' } }, machine()),
    ])
    expect([accepted.outcome, replaced.outcome].sort()).toEqual(['done', 'refused'])
  })
})

describe('operators who sign in', () => {
  const appoint = (user: string, knock = machine()) => node.ask(appointOperator, { user }, knock)

  it('are appointed by operators alone, of the staff of the node’s own institution', async () => {
    await expect(appoint(admin.user.id, as(admin))).rejects.toMatchObject({ kind: { status: 403 } })
    const theirs = await accept((await add()).invitation.token)
    await expect(appoint(theirs.user.id)).rejects.toMatchObject({ kind: { status: 404 } })
  })

  it('sign in anew, and stay operators when the institution changes their other roles', async () => {
    await appoint(admin.user.id)
    await expect(node.ask(listInstitutions, {}, as(admin))).rejects.toMatchObject({ kind: { status: 401 } })
    const anew = await node.signIn()
    expect(await list(as(anew))).toHaveLength(1)
    const { kind, rights } = await node.done<{ kind: string; rights: { on: string }[] }>(readSession, {}, as(anew))
    expect([kind, rights.some(({ on }) => on === 'institution')]).toEqual(['staff', true])
    await node.done(updateUser, { user: admin.user.id, roles: ['administrator', 'auditor'] }, machine())
    expect((await node.signIn()).user.roles).toEqual(['administrator', 'auditor', 'operator'])
  })

  it('cannot be made by an invitation or a change of roles', async () => {
    for (const ask of [
      node.ask(invite, { email: 'm@example.org', name: 'M', roles: ['operator'] }, as(admin)),
      node.ask(updateUser, { user: admin.user.id, roles: ['administrator', 'operator'] }, as(admin)),
    ]) {
      await expect(ask).rejects.toMatchObject({ kind: { status: 400 } })
    }
  })

  it('are dismissed at once', async () => {
    await appoint(admin.user.id)
    const anew = await node.signIn()
    await node.done(dismissOperator, { user: admin.user.id }, machine())
    await expect(node.ask(listInstitutions, {}, as(anew))).rejects.toMatchObject({ kind: { status: 401 } })
    await expect(node.ask(listInstitutions, {}, as(await node.signIn()))).rejects.toMatchObject({ kind: { status: 403 } })
  })
})
