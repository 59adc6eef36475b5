import type { Id } from '@gatehouse/core/id'
import { anonymous, type Principal, systemPrincipal } from '@gatehouse/runtime/base/context'
import { type Action, actions, operation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { accessMatrix, accessModule, allowed, grantFor, rightsOf, staffRoles } from './index.ts'
import { listRoles } from './list-roles.ts'
import { resourceTypes } from './resource-types.ts'
import { roleNames } from './role-names.ts'
import { roles } from './roles.ts'

const tenant = '01980000-0000-7000-8000-000000000001' as Id<'tenant'>
const mine = '01980000-0000-7000-8000-00000000000a' as Id<'partner'>
const theirs = '01980000-0000-7000-8000-00000000000b' as Id<'partner'>
const staff = (...names: string[]): Principal => ({ kind: 'user', id: 'user-1', tenant, roles: names })
const engineer = (more: Partial<Principal> = {}): Principal => ({ kind: 'user', id: 'user-3', tenant, roles: ['engineer'], partner: mine, ...more })
const me = '01980000-0000-7000-8000-00000000000c' as Id<'subject'>
const person = (more: Partial<Principal> = {}): Principal => ({ kind: 'user', id: 'user-4', tenant, roles: ['person'], subject: me, ...more })
const partner: Principal = { kind: 'partner', id: 'key-1', tenant, roles: ['partner'], partner: mine }

const anyAction = fc.constantFrom(...actions)
const anyType = fc.constantFrom(...resourceTypes)
const anyOwner = fc.option(fc.constantFrom<string>('user-1', 'user-2', mine, theirs), { nil: undefined })
const anyResource = fc.record({ type: anyType, owner: anyOwner }).map(({ type, owner }) => (owner === undefined ? { type } : { type, owner }))
/** Names that are no roles, among them what every object has. */
const strangeName = fc
  .oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'toString', 'Administrator', 'administrator ', 'admin', 'root', '*'))
  .filter((name) => !(roleNames as readonly string[]).includes(name))

describe('what is denied', () => {
  it('is everything, to nobody and to anonymous', () => {
    fc.assert(
      fc.property(anyAction, anyResource, (action, resource) => {
        expect(allowed(anonymous, action, resource)).toBe(false)
        expect(allowed({ ...anonymous, roles: [...roleNames] }, action, resource)).toBe(false)
      }),
    )
  })

  it('is everything under a role that is none, but for the own account', () => {
    fc.assert(
      fc.property(fc.array(strangeName), anyAction, anyResource, (names, action, resource) => {
        const granted = grantFor(staff(...names), action, resource)
        if (granted !== undefined) expect({ role: granted.role, owner: resource.owner }).toEqual({ role: 'user', owner: 'user-1' })
        expect(allowed({ ...partner, roles: names }, action, resource)).toBe(false)
        expect(allowed({ ...systemPrincipal(tenant), roles: names }, action, resource)).toBe(false)
      }),
    )
  })

  it('is every type and every action that the table does not know', () => {
    const known = new Set<string>(resourceTypes)
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', '*')).filter((type) => !known.has(type)),
        fc.string(),
        anyAction,
        (type, word, action) => {
          for (const name of roleNames) {
            for (const principal of [staff(name), { ...partner, roles: [name] }, { ...systemPrincipal(tenant), roles: [name] }]) {
              expect(allowed(principal, action, { type, owner: 'user-1' })).toBe(false)
              if (!(actions as readonly string[]).includes(word)) expect(allowed(principal, word as Action, { type: 'partner' })).toBe(false)
            }
          }
        },
      ),
    )
  })

  it('is to an auditor every change, of anything but the own account', () => {
    fc.assert(
      fc.property(fc.constantFrom<Action>('create', 'update', 'delete', 'publish'), anyResource, (action, resource) => {
        const granted = grantFor(staff('auditor'), action, resource)
        if (granted !== undefined) expect(granted).toMatchObject({ role: 'user', right: { own: true } })
      }),
    )
    expect(allowed(staff('auditor'), 'delete', { type: 'session', owner: 'user-1' })).toBe(true)
    expect(allowed(staff('auditor'), 'delete', { type: 'session', owner: 'user-2' })).toBe(false)
  })

  it('is to anybody but an officer the record of a person', () => {
    for (const action of actions) {
      for (const type of ['record', 'staff_read']) {
        for (const name of ['administrator', 'auditor', 'user']) expect(allowed(staff(name), action, { type, owner: 'user-1' })).toBe(false)
        expect(allowed(partner, action, { type, owner: mine })).toBe(false)
      }
      expect(allowed(systemPrincipal(tenant), action, { type: 'staff_read' })).toBe(false)
    }
  })

  it('is to an administrator everything about a person', () => {
    for (const action of actions)
      for (const type of ['record', 'staff_read', 'evidence', 'consent']) expect(allowed(staff('administrator'), action, { type, owner: 'user-1' })).toBe(false)
  })

  it('is to a partner whatever belongs to another, or to nobody', () => {
    fc.assert(
      fc.property(anyAction, anyType, fc.constantFrom(undefined, theirs, 'user-1', partner.id, ''), (action, type, owner) => {
        const granted = grantFor(partner, action, owner === undefined ? { type } : { type, owner })
        if (granted !== undefined) expect(['purpose', 'proof']).toContain(granted.right.on)
      }),
    )
    const { partner: _, ...withoutPartner } = partner
    expect(allowed(withoutPartner, 'read', { type: 'partner' })).toBe(false)
  })

  it('is to an engineer whatever belongs to another partner or to nobody, and asking for releases', () => {
    fc.assert(
      fc.property(anyAction, anyType, fc.constantFrom(undefined, theirs, 'user-1', ''), (action, type, owner) => {
        const granted = grantFor(engineer(), action, owner === undefined ? { type } : { type, owner })
        if (granted !== undefined) expect(['purpose', 'proof']).toContain(granted.right.on)
      }),
    )
    expect(allowed(engineer(), 'create', { type: 'release', owner: mine })).toBe(false)
  })

  it('is to a person everything but the own disclosures, consents, credentials, notifications, sessions and factors', () => {
    const owns = ['own_disclosure', 'own_connection', 'own_consent', 'own_credential', 'own_request', 'notification', 'session', 'factor']
    fc.assert(
      fc.property(anyAction, anyResource, fc.constantFrom(me, 'user-4', undefined), (action, { type }, owner) => {
        const granted = grantFor(person(), action, owner === undefined ? { type } : { type, owner })
        if (granted !== undefined) expect([granted.role, granted.right.own, owns.includes(type)]).toEqual(['person', true, true])
      }),
    )
    expect(allowed(person(), 'update', { type: 'own_consent', owner: '01980000-0000-7000-8000-00000000000d' })).toBe(false)
  })

  it('is every right of staff to an account that belongs to a partner or a person, whatever roles it has', () => {
    const given = [...roleNames]
    for (const type of resourceTypes) {
      for (const action of actions) {
        for (const principal of [engineer({ roles: given }), person({ roles: given })]) {
          const granted = grantFor(principal, action, { type })
          if (granted !== undefined) expect(granted).toMatchObject({ role: 'engineer', right: { on: 'purpose' } })
        }
        expect(allowed(engineer({ roles: given, subject: me }), action, { type, owner: mine })).toBe(false)
      }
    }
    for (const type of ['own_consent', 'own_disclosure', 'own_credential', 'own_request'])
      expect(allowed(staff('person', 'officer'), 'read', { type, owner: 'user-1' })).toBe(false)
  })

  it('is everything but a factor and the own session to whoever still owes a factor, whatever the account has', () => {
    for (const wayIn of ['entering', 'enrolling'])
      for (const type of resourceTypes)
        for (const action of actions) if (allowed(staff(wayIn), action, { type, owner: 'user-1' })) expect(['factor', 'session']).toContain(type)
    expect(allowed(staff('entering'), 'create', { type: 'factor', owner: 'user-1' })).toBe(false)
    expect(allowed(staff('enrolling'), 'delete', { type: 'factor', owner: 'user-1' })).toBe(false)
  })

  it('is the role of another kind of principal', () => {
    for (const name of ['system', 'partner']) expect(allowed(staff(name), 'read', { type: 'partner', owner: mine })).toBe(false)
    for (const name of staffRoles) expect(allowed({ ...partner, roles: [name] }, 'read', { type: 'tenant' })).toBe(false)
    expect(allowed({ ...partner, roles: ['user'] }, 'read', { type: 'user', owner: mine })).toBe(false)
  })
})

describe('what is allowed', () => {
  it.each<[string, Principal, Action, { type: string; owner?: string }]>([
    ['an administrator makes API keys', staff('administrator'), 'create', { type: 'api_key' }],
    ['an officer publishes policies', staff('officer'), 'publish', { type: 'policy' }],
    ['an officer reads a record with a reason', staff('officer'), 'create', { type: 'staff_read' }],
    ['an auditor exports the ledger', staff('auditor'), 'export', { type: 'ledger' }],
    ['a partner asks for a release in its own name', partner, 'create', { type: 'release', owner: mine }],
    ['a partner reads itself', partner, 'read', { type: 'partner', owner: mine }],
    ['the node verifies the vault', systemPrincipal(tenant), 'use', { type: 'vault' }],
    ['two roles give the rights of both', staff('auditor', 'officer'), 'export', { type: 'ledger' }],
  ])('%s', (_, principal, action, resource) => {
    expect(allowed(principal, action, resource)).toBe(true)
  })

  it('is told in one row per type, with what is only one’s own beside it', () => {
    expect(rightsOf(anonymous)).toEqual([])
    expect(rightsOf(person())).toEqual([
      { on: 'factor', may: ['create', 'read', 'delete', 'use'], own: true },
      { on: 'notification', may: ['read', 'update'], own: true },
      { on: 'own_connection', may: ['create', 'read', 'delete'], own: true },
      { on: 'own_consent', may: ['create', 'read', 'update', 'use'], own: true },
      { on: 'own_credential', may: ['create', 'read', 'update'], own: true },
      { on: 'own_disclosure', may: ['read', 'export'], own: true },
      { on: 'own_request', may: ['create', 'read'], own: true },
      { on: 'session', may: ['read', 'delete'], own: true },
    ])
    expect(rightsOf(staff('auditor')).filter(({ on }) => on === 'session')).toEqual([
      { on: 'session', may: ['read'] },
      { on: 'session', may: ['delete'], own: true },
    ])
    expect(rightsOf(engineer())).toContainEqual({ on: 'api_key', may: ['create', 'read', 'update', 'delete'], own: true })
  })

  it('is what the rights say, no more and no less', () => {
    const anybody = fc.oneof(
      fc.subarray([...roleNames]).map((names) => staff(...names)),
      fc.constantFrom(partner, engineer(), person(), systemPrincipal(tenant)),
    )
    fc.assert(
      fc.property(anybody, anyAction, anyType, fc.constantFrom(undefined, 'user-1', 'user-3', mine, me, 'stranger'), (principal, action, type, owner) => {
        const isOwn = owner !== undefined && [principal.id, principal.partner, principal.subject].includes(owner as never)
        const said = rightsOf(principal).some((right) => right.on === type && right.may.includes(action) && (right.own !== true || isOwn))
        expect(allowed(principal, action, owner === undefined ? { type } : { type, owner })).toBe(said)
      }),
    )
  })

  it('is explained by the row that grants it', () => {
    expect(grantFor(partner, 'read', { type: 'release', owner: mine })).toEqual({
      role: 'partner',
      right: { on: 'release', may: ['create', 'read', 'delete'], own: true },
    })
  })

  it('stands once per role and type', () => {
    for (const role of roles) expect(new Set(role.rights.map((right) => right.on)).size, role.name).toBe(role.rights.length)
    expect(roles.map((role) => role.name)).toEqual([...roleNames])
  })
})

describe('the matrix', () => {
  const asking = (name: string, type: string, more = {}) =>
    operation({
      name,
      summary: '',
      input: z.strictObject({ id: z.string() }),
      output: z.strictObject({}),
      access: { action: 'read', on: () => ({ type }) },
      audit: { none: 'a test' },
      example: { input: { id: 'a' } },
      run: async () => ({}),
      ...more,
    })

  it('refuses a type that the table does not know, and an example that does not fit', () => {
    expect(() => accessMatrix([asking('a.read', 'dragon')])).toThrow('a.read asks about "dragon"')
    expect(() => accessMatrix([asking('a.read', 'release', { example: { input: {} } })])).toThrow('a.read')
  })

  it('shows each role and each operation', () => {
    const open = asking('b.open', 'release', { access: { public: 'a test' } })
    expect(accessMatrix([open, asking('a.read', 'release', { approvals: 2 })])).toBe(
      [
        'operation  right         administrator  officer  auditor  data_owner  data_custodian  researcher  clinician_delegate  application_developer  project_lead  project_analyst  project_member  operator  partner  engineer  person  system  user    entering  enrolling  people',
        'a.read     read release  yes            yes      yes      yes         -               -           -                   -                      -             -                -               -         own      own       -       yes     -       -         -          2',
        'b.open     public        public         public   public   public      public          public      public              public                 public        public           public          public    public   public    public  public  public  public    public     1',
        '',
      ].join('\n'),
    )
  })
})

describe('through the door', () => {
  let t: TestNode
  beforeAll(async () => {
    t = await testNode({ modules: [accessModule], plugs: { allowed } })
  })
  afterAll(() => t.close())

  it('refuses the table to a partner and writes the refusal down', async () => {
    await expect(t.door.enter(listRoles, {}, { ...partner, tenant: t.tenant })).rejects.toMatchObject({ kind: { status: 403 } })
    expect(t.entries).toMatchObject([{ type: 'access.roles', facts: { decision: 'deny' } }])
  })

  it('shows the table to staff', async () => {
    const answer = await t.door.enter(listRoles, {}, t.principal({ roles: ['auditor'] }))
    if (answer.outcome !== 'done') throw new Error('not listed')
    expect(answer.output.roles.find((role) => role.name === 'partner')?.rights).toContainEqual({ on: 'partner', may: ['read'], own: true })
    expect(listRoles.output.safeParse(answer.output).success).toBe(true)
  })
})
