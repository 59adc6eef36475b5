/** Provisioning: the standard's own examples where the reference data is present, a directory's life, and what it must not reach. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem, type ProblemKind } from '@gatehouse/core/problem'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { problemIn } from '@gatehouse/runtime/edge/problem-json'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptInvitation } from '../accept-invitation.ts'
import { authenticate } from '../authenticate.ts'
import { invite } from '../invite.ts'
import { problems } from '../problems.ts'
import { addProvider } from '../providers/add.ts'
import { proveDomain } from '../providers/prove-domain.ts'
import type { Provider } from '../providers/schema.ts'
import type { SignedIn } from '../schema.ts'
import { listTeams } from '../teams/teams.ts'
import { browser, type IdentityNode, identityNode, password } from '../testing/identity.ts'
import { resourceType, resourceTypes, scimSchema, scimSchemas, serviceProviderConfig } from './config.ts'
import { FilterError, matches, parseFilter, parsePath } from './filter.ts'
import { createScimGroup, deleteScimGroup, listScimGroups, patchScimGroup, readScimGroup, replaceScimGroup } from './groups.ts'
import { PatchError, type PatchOperation, patched } from './patch.ts'
import { projected, type Resource, readGroup, readUser, schemas } from './resources.ts'
import { endProvisioningToken, issueProvisioningToken } from './token.ts'
import { createScimUser, deleteScimUser, listScimUsers, patchScimUser, readScimUser, replaceScimUser } from './users.ts'

describe('a filter', () => {
  it.each([
    '',
    'userName',
    'userName eq',
    'userName eq bjensen',
    'userName xx "a"',
    'userName eq "a" and',
    '(userName eq "a"',
    'userName eq "a")',
    'userName eq "a" userName eq "b"',
    'emails[type eq "work"',
    'not userName eq "a"',
    "userName eq 'a'",
    'userName eq "a\u0000"',
    '"userName" eq "a"',
    `userName eq "${'a'.repeat(1000)}"`,
    `${'('.repeat(40)}userName pr${')'.repeat(40)}`,
    'userName eq "x"; DROP TABLE identity.user',
  ])('that the grammar does not know is refused: %s', (text) => {
    expect(() => parseFilter(text)).toThrow(FilterError)
  })

  const bjensen = {
    userName: 'bjensen',
    name: { familyName: "O'Malley" },
    title: 'Tour Guide',
    userType: 'Employee',
    active: true,
    emails: [
      { type: 'work', value: 'bjensen@example.com' },
      { type: 'home', value: 'babs@jensen.org' },
    ],
    meta: { lastModified: '2011-05-13T04:42:34Z' },
  }

  // RFC 7644 section 3.4.2.2, figure 1.
  it.each([
    ['userName eq "bjensen"', true],
    ['USERNAME EQ "BJENSEN"', true],
    ['name.familyName co "O\'Malley"', true],
    ['userName sw "J"', false],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"', true],
    ['title pr', true],
    ['nickName pr', false],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', false],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"', true],
    ['title pr and userType eq "Employee"', true],
    ['title pr or userType eq "Intern"', true],
    ['userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', false],
    ['userType eq "Employee" and (emails.type eq "work")', true],
    ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', true],
    ['emails[type eq "work" and value co "@jensen.org"] or ims[type eq "xmpp"]', false],
    ['active eq true', true],
    ['active eq "true"', false],
    ['userName eq "x\\" or userName pr or userName eq \\"y"', false],
  ])('%s is %s', (text, expected) => {
    expect(matches(bjensen, parseFilter(text))).toBe(expected)
  })

  it('as a path names an attribute, some of its values and a part of each', () => {
    expect(parsePath('emails[type eq "work"].value')).toMatchObject({ attribute: 'emails', part: 'value', filter: { kind: 'compare' } })
    for (const path of ['emails[', 'emails[type eq "work"].a.b', '[type eq "a"]', 'a b']) expect(() => parsePath(path)).toThrow(FilterError)
  })
})

describe('a patch', () => {
  it.each([
    [{ op: 'remove' }, 'noTarget'],
    [{ op: 'replace', path: 'meta.location', value: 'x' }, 'mutability'],
    [{ op: 'add', value: 'x' }, 'invalidValue'],
    [{ op: 'replace', path: 'emails[type eq "fax"].value', value: 'x' }, 'noTarget'],
    [{ op: 'replace', path: 'emails[', value: 'x' }, 'invalidPath'],
    [{ op: 'add', path: 'constructor.prototype', value: 'x' }, 'invalidPath'],
    [{ op: 'add', value: JSON.parse('{"__proto__": {"active": true}}') as object }, 'invalidPath'],
  ] as const)('%j is refused as %s', (operation, scimType) => {
    expect(() => patched({ emails: [{ type: 'work', value: 'a' }] }, [operation as PatchOperation])).toThrow(expect.objectContaining({ scimType }))
    expect(PatchError).toBeDefined()
  })
})

const folder = join(import.meta.dirname, '../../../../../shared/data/standards/scim')
const present = existsSync(folder)
const files = present ? readdirSync(folder).sort() : []
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Resource

const babs = () => ({
  emails: [
    { value: 'bjensen@example.com', type: 'work', primary: true },
    { value: 'other@example.net', type: 'home' },
  ],
  addresses: [{ type: 'work', streetAddress: '100 Universal City Plaza' }],
  members: [{ value: '2819c223-7f76-...413861904646' }, { value: 'another' }],
})

/** What each example of the standard does here. */
const outcomes: Record<string, (given: Resource) => unknown> = {
  'rfc7643-8.4-group.json': (given) => expect(readGroup(given, 10)).toMatchObject({ name: 'Tour Guides', members: [expect.any(String), expect.any(String)] }),
  'rfc7644-3.4.1-user-known-resource.json': (given) => expect(readUser(given)).not.toHaveProperty('fault'),
  'rfc7644-3.9-user-partial_response.json': (given) => expect(projected({ ...given, emails: [] }, { attributes: 'userName' })).toEqual(given),
  'rfc7644-3.5.2.1-patch_op-add_emails.json': (given) => expect(patch(given).emails).toHaveLength(3),
  'rfc7644-3.5.2.2-patch_op-remove_multi_complex_value.json': (given) => expect(patch(given).emails).toEqual([babs().emails[1]]),
  'rfc7644-3.5.2.2-patch_op-remove_one_member.json': (given) => expect(patch(given).members).toEqual([{ value: 'another' }]),
  'rfc7644-3.5.2.3-patch_op-replace_all_email_values.json': (given) =>
    expect((patch(given).emails as Resource[]).map(({ value }) => value)).toEqual(['bjensen@example.com', 'babs@jensen.org']),
  'rfc7644-3.5.2.3-patch_op-replace_street_address.json': (given) =>
    expect((patch(given).addresses as Resource[])[0]).toEqual({ type: 'work', streetAddress: '1010 Broadway Ave' }),
  'rfc7644-3.4.3-search_request.json': (given) => expect(matches({ displayName: 'Smith, J' }, parseFilter(String(given.filter)))).toBe(true),
  'rfc7644-3.4.3-list_response-post_query.json': (given) => expect(given).toMatchObject({ totalResults: expect.any(Number), Resources: expect.any(Array) }),
}
const patch = (given: Resource): Resource =>
  patched(
    babs(),
    (given.Operations as PatchOperation[]).map(({ op, ...rest }) => ({ ...rest, op: op.toLowerCase() as PatchOperation['op'] })),
  )

/** Ours of the same id, and what the standard says of each attribute that we keep. */
const describedAs = (operation: { run: (ctx: never, input: never) => unknown }) => async (given: Resource) => {
  const { Resources } = (await operation.run({ node: { addresses: { origin: 'https://node.example' } } } as never, {} as never)) as { Resources: Resource[] }
  const own = Resources.find(({ id }) => id === given.id)
  expect(own).toMatchObject({ name: given.name, ...(given.endpoint === undefined ? {} : { endpoint: given.endpoint, schema: given.schema }) })
  const known = (given.attributes ?? []) as Resource[]
  for (const { name, type, multiValued, subAttributes } of (own?.attributes ?? []) as Resource[]) {
    const standard = known.find((one) => one.name === name)
    expect(standard).toMatchObject({ type, multiValued })
    const parts = (standard?.subAttributes ?? []) as Resource[]
    for (const part of (subAttributes ?? []) as Resource[]) expect(parts.map((one) => one.name)).toContain(part.name)
  }
}

/** Our own descriptions keep to the schema that the standard gives for them. */
const keptBy = (operation: { run: (ctx: never, input: never) => unknown }) => async (given: Resource) => {
  const ours = (await operation.run({ node: { addresses: { origin: 'https://node.example' } } } as never, {} as never)) as Resource
  for (const one of (ours.Resources as Resource[] | undefined) ?? [ours]) fits(one, given.attributes as Resource[])
}

function fits(value: Resource, attributes: readonly Resource[]): void {
  for (const { name, required, multiValued, type, subAttributes } of attributes) {
    const found = value[String(name)]
    if (required === true) expect(found, String(name)).toBeDefined()
    if (found === undefined) continue
    expect(Array.isArray(found), String(name)).toBe(multiValued)
    for (const one of Array.isArray(found) ? found : [found]) {
      if (type === 'complex') fits(one as Resource, (subAttributes ?? []) as Resource[])
      else expect(typeof one, String(name)).toBe(type === 'boolean' ? 'boolean' : type === 'integer' ? 'number' : 'string')
    }
  }
}

/** What the node answers for the same fault has the same form. */
const toldAs =
  (kind: ProblemKind, extensions: Readonly<Record<string, unknown>> = {}) =>
  (given: Resource) => {
    const { status, body } = problemIn('scim', new Problem(kind, String(given.detail), { extensions }), { id: 'trace', method: 'GET', body: undefined })
    expect(status).toBe(Number(given.status))
    expect(JSON.parse(body)).toEqual(given)
  }

Object.assign(outcomes, {
  'rfc7643-8.6-resource_type-group.json': describedAs(resourceTypes),
  'rfc7643-8.6-resource_type-user.json': describedAs(resourceTypes),
  'rfc7643-8.7.1-schema-group.json': describedAs(scimSchemas),
  'rfc7643-8.7.1-schema-user.json': describedAs(scimSchemas),
  'rfc7643-8.7.2-schema-resource_type.json': keptBy(resourceTypes),
  'rfc7643-8.7.2-schema-schema.json': keptBy(scimSchemas),
  'rfc7643-8.7.2-schema-service_provider_configuration.json': keptBy(serviceProviderConfig),
  'rfc7644-3.12-error-bad_request.json': (given: Resource) => {
    expect(() => patched(babs(), [{ op: 'replace', path: 'id', value: 'x' }])).toThrow(expect.objectContaining({ scimType: given.scimType }))
    toldAs(problems.scim_invalid, { scimType: 'mutability' })(given)
  },
  'rfc7644-3.12-error-not_found.json': toldAs(doorProblems.not_found),
  'rfc7644-3.6-error-not_found.json': toldAs(doorProblems.not_found),
  'rfc7644-3.7.3-error-invalid_syntax.json': toldAs(doorProblems.input_invalid),
  'rfc7644-3.7.4-error-payload_too_large.json': toldAs(doorProblems.too_large),
})

/** Refused by name. */
const refusedNames: readonly (readonly [RegExp, string])[] = [
  [/bulk_|circular/, 'bulk is not supported, and ServiceProviderConfig says so'],
  [/enterprise_user/, 'the enterprise extension is not kept: its attributes are passed over'],
]

describe.skipIf(!present)(`the examples of the standard${present ? '' : ' (skipped: the reference data is absent)'}`, () => {
  it.each(files.filter((name) => name in outcomes))('%s', async (name) => {
    await outcomes[name]?.(read(name))
  })

  it('are each run or refused by name', () => {
    const rest = files.filter((name) => !(name in outcomes))
    expect(rest.filter((name) => !refusedNames.some(([pattern]) => pattern.test(name)))).toEqual([])
    const why = refusedNames.map(([pattern, reason]) => `${rest.filter((name) => pattern.test(name)).length} because ${reason}`)
    console.info(`SCIM: ${files.length - rest.length} of ${files.length} examples run, ${rest.length} refused by name: ${why.join('; ')}`)
  })
})

describe('a directory', () => {
  const texts: Record<string, string[]> = {}
  let node: IdentityNode
  let admin: SignedIn
  let provider: Provider
  let token: string

  const as = (signedIn: Pick<SignedIn, 'session_token'>, more = {}) => browser({ sessionToken: signedIn.session_token, ...more })
  const knock = () => ({ channel: 'http', authorization: `Bearer ${token}` }) as const
  const done = (operation: Parameters<IdentityNode['done']>[0], input: object) => node.done<Resource>(operation, input, knock())
  const refused = async (operation: Parameters<IdentityNode['done']>[0], input: object, by: object = knock()): Promise<string> => {
    const problem = await node.refused(operation, input, by as never).catch((thrown: unknown) => thrown)
    if (!(problem instanceof Problem)) throw problem
    return [problem.kind.status, problem.extensions.scimType].filter((one) => one !== undefined).join(' ')
  }

  beforeAll(async () => {
    node = await identityNode({ egressAllow: ['login.example.net'], texts })
    admin = await node.firstAdministrator()
    const settings = {
      name: 'Directory',
      issuer: 'https://login.example.net',
      client_id: 'gatehouse',
      client_secret: 'a secret',
      domains: ['lakeside.example'],
    }
    provider = await node.done<Provider>(addProvider, settings, as(admin))
    for (const { record, value, domain } of provider.domains) {
      texts[record] = [value]
      await node.done(proveDomain, { provider: provider.id, domain }, as(admin))
    }
    token = (await node.done<{ token: string }>(issueProvisioningToken, { provider: provider.id }, as(admin))).token
  })
  afterAll(() => node?.close())

  const grace = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'Grace@Lakeside.example',
    externalId: 'ext-1',
    name: { givenName: 'Grace', familyName: 'Hopper' },
    active: true,
  }

  it('says what it can do without a token, and nothing else', async () => {
    expect(await node.done(serviceProviderConfig, {}, browser({ safe: true }))).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      etag: { supported: false },
    })
    expect(await node.done(resourceTypes, {}, browser({ safe: true }))).toMatchObject({ totalResults: 2 })
    expect(await node.done(scimSchemas, {}, browser({ safe: true }))).toMatchObject({ totalResults: 2 })
    for (const authorization of [undefined, 'Bearer x', `Bearer ghp_${'A'.repeat(43)}`, `Basic ${token}`]) {
      expect(await refused(listScimUsers, {}, { channel: 'http', ...(authorization === undefined ? {} : { authorization }) })).toBe('401')
    }
    expect(JSON.stringify(await node.database.transaction('node', (tx) => tx.query('SELECT * FROM identity.provider')))).not.toContain(token)
  })

  it('describes each kind and schema by itself, and answers with what was asked for', async () => {
    const one = (operation: Parameters<IdentityNode['done']>[0], input: object) => node.done<Resource>(operation, input, browser({ safe: true }))
    expect(await one(resourceType, { type: 'Group' })).toMatchObject({ id: 'Group', endpoint: '/Groups' })
    expect(await one(scimSchema, { schema: schemas.user })).toMatchObject({ id: schemas.user, name: 'User' })
    expect(await refused(scimSchema, { schema: 'urn:another' })).toBe('404')
    const ada = { id: '1', schemas: ['u'], userName: 'a', name: { formatted: 'A', givenName: 'B' }, emails: [{ value: 'a@b', type: 'work' }] }
    expect(projected(ada, { attributes: 'NAME.formatted, urn:ietf:params:scim:schemas:core:2.0:User:emails.value' })).toEqual({
      id: '1',
      schemas: ['u'],
      name: { formatted: 'A' },
      emails: [{ value: 'a@b' }],
    })
    expect(projected(ada, { excludedAttributes: 'id,emails,name.givenName' })).toEqual({ id: '1', schemas: ['u'], userName: 'a', name: { formatted: 'A' } })
  })

  it('sees nobody of another domain, by no list, id or filter', async () => {
    expect(await done(listScimUsers, { filter: 'userName pr' })).toMatchObject({ totalResults: 0 })
    const input = { user: admin.user.id }
    for (const operation of [readScimUser, deleteScimUser]) expect(await refused(operation, input)).toBe('404')
    expect(await refused(patchScimUser, { ...input, Operations: [{ op: 'replace', path: 'active', value: false }] })).toBe('404')
    expect(await refused(replaceScimUser, { ...input, userName: 'ada@lakeside.example' })).toBe('404')
    expect(await refused(createScimUser, { userName: 'x@example.org' })).toBe('400 invalidValue')
    expect(await refused(createScimUser, { userName: 'no address' })).toBe('400 invalidValue')
    expect(await refused(listScimUsers, { filter: "userName eq '' OR 1=1" })).toBe('400 invalidFilter')
  })

  it('keeps somebody: made, found, changed, closed with every session at once, and removed', async () => {
    const made = await done(createScimUser, grace)
    const id = String(made.id)
    expect(made).toMatchObject({
      userName: 'grace@lakeside.example',
      displayName: 'Grace Hopper',
      active: true,
      externalId: 'ext-1',
      meta: { resourceType: 'User' },
    })
    expect(await refused(createScimUser, grace)).toBe('409 uniqueness')
    expect(await done(listScimUsers, { filter: 'userName eq "GRACE@lakeside.example"', startIndex: '1', count: '1' })).toMatchObject({
      totalResults: 1,
      itemsPerPage: 1,
    })
    expect(await done(listScimUsers, { count: '0' })).toMatchObject({ totalResults: 1, Resources: [] })
    expect(await done(patchScimUser, { user: id, Operations: [{ op: 'Replace', path: 'name.formatted', value: 'Grace B. Hopper' }] })).toMatchObject({
      displayName: 'Grace B. Hopper',
    })
    expect(await refused(patchScimUser, { user: id, Operations: [{ op: 'replace', path: 'userName', value: 'grace@example.org' }] })).toBe('400 invalidValue')

    const invited = await node.done<{ token: string }>(invite, { email: 'grace@lakeside.example', name: 'G', roles: ['officer'] }, as(admin))
    const inside = await node.done<SignedIn>(acceptInvitation, { token: invited.token, password })
    expect(await done(patchScimUser, { user: id, Operations: [{ op: 'Replace', path: 'active', value: 'False' }] })).toMatchObject({ active: false })
    node.clock.advance(1_000)
    expect(await authenticate(node.door.node, as(inside, { safe: true }))).toBeUndefined()
    expect(await done(replaceScimUser, { user: id, ...grace })).toMatchObject({ active: true, displayName: 'Grace Hopper' })
    await done(deleteScimUser, { user: id })
    expect(await refused(readScimUser, { user: id })).toBe('404')
    expect(node.entries.at(-1)).toMatchObject({ type: 'identity.scim_delete_user', actor: { kind: 'system', id: provider.id } })
    expect(JSON.stringify(node.entries)).not.toMatch(/grace/i)
  })

  it('keeps groups, with people of its own in them, and no team that others made', async () => {
    const [mary, rosa] = await Promise.all(['mary', 'rosa'].map((name) => done(createScimUser, { userName: `${name}@lakeside.example`, displayName: name })))
    const made = await done(createScimGroup, { displayName: 'Tour Guides', externalId: 'g-1', members: [{ value: mary?.id }, { value: admin.user.id }] })
    expect(made).toMatchObject({ displayName: 'Tour Guides', members: [{ value: mary?.id }] })
    const group = String(made.id)
    expect(await refused(createScimGroup, { displayName: 'Tour Guides' })).toBe('409 uniqueness')
    const added = await done(patchScimGroup, { group, Operations: [{ op: 'add', path: 'members', value: [{ value: rosa?.id }] }] })
    expect(added.members).toHaveLength(2)
    expect((await done(patchScimGroup, { group, Operations: [{ op: 'remove', path: `members[value eq "${mary?.id}"]` }] })).members).toMatchObject([
      { value: rosa?.id },
    ])
    const { data } = await node.done<{ data: { id: string; members: string[] }[] }>(listTeams, {}, as(admin, { safe: true }))
    expect(data).toMatchObject([{ id: group, members: [rosa?.id] }])
    expect(await done(replaceScimGroup, { group, displayName: 'Guides', members: [] })).toMatchObject({ displayName: 'Guides', members: [] })
    expect(await done(listScimGroups, { filter: 'displayName eq "guides"' })).toMatchObject({ totalResults: 1 })
    await done(deleteScimGroup, { group })
    expect(await refused(readScimGroup, { group })).toBe('404')
  })

  it('is bounded, and ends with its token', async () => {
    expect(await refused(patchScimUser, { user: 'x', Operations: Array.from({ length: 101 }, () => ({ op: 'add', value: {} })) })).toBe('400')
    expect(await refused(createScimGroup, { displayName: 'Big', members: Array.from({ length: 1001 }, () => ({ value: admin.user.id })) })).toBe(
      '400 invalidValue',
    )
    const old = token
    token = (await node.done<{ token: string }>(issueProvisioningToken, { provider: provider.id }, as(admin))).token
    expect(await refused(listScimUsers, {}, { channel: 'http', authorization: `Bearer ${old}` })).toBe('401')
    expect(await done(listScimUsers, {})).toMatchObject({ totalResults: 2 })
    await node.done(endProvisioningToken, { provider: provider.id }, as(admin))
    expect(await refused(listScimUsers, {})).toBe('401')
  })
})
