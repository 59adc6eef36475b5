/**
 * A directory that is not ours keeps people and teams of a real node. No client of SCIM is kept up on npm; the messages are those of
 * `scimmy`, another implementation of the standard, which also says what each of them means. Where Python has `scim2-client`
 * (GATEHOUSE_TEST_SCIM_PYTHON names the interpreter), that keeps somebody as well.
 */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import SCIMMY from 'scimmy'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatehouse } from './backed-up.ts'
import { inspect, migratedDatabase, type SharedDatabase } from './database.ts'
import { type NodeProcess, root, startNode } from './node.ts'

const run = promisify(execFile)
const python = process.env.GATEHOUSE_TEST_SCIM_PYTHON

interface Provider {
  readonly id: string
  readonly name: string
  readonly domains: readonly { readonly domain: string; readonly verified_at: string | null }[]
  readonly provisioned: boolean
}

let database: SharedDatabase
let node: NodeProcess
let provider: Provider
let token: string
let base: string

const cli = async <T>(...args: string[]): Promise<T> => JSON.parse(await gatehouse(node.home, '--json', ...args)) as T

beforeAll(async () => {
  database = await migratedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_EGRESS_ALLOW: 'login.example.net' } })
  const secret = join(node.home, 'client-secret')
  await writeFile(secret, 'a secret of the client\n')
  const oidc = ['--issuer', 'https://login.example.net', '--client-id', 'gatehouse', '--secret', secret]
  provider = await cli<Provider>('provider', 'add', '--name', 'Lakeside', ...oidc, '--domain', 'lakeside.example', '--create-accounts')
  // What a resolver would have said: the tests have none.
  const asNode = { ...database.connection, options: '-c gatehouse.tenant=node' }
  await inspect(asNode, 'UPDATE identity.provider_domain SET verified_at = now()')
  const issued = await cli<{ token: string; base_uri: string }>('provider', 'token', 'issue', provider.id)
  token = issued.token
  base = issued.base_uri
})
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

async function ask(method: string, path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
}

describe('the command line', () => {
  it('tells of providers, changes one, tries it, and says why it cannot be used', async () => {
    expect(await cli<Provider[]>('provider', 'list')).toMatchObject([
      { id: provider.id, name: 'Lakeside', provisioned: true, domains: [{ domain: 'lakeside.example' }] },
    ])
    expect(await cli('provider', 'change', provider.id, '--name', 'Lakeside directory', '--sign-out', '--factor', 'mfa')).toMatchObject({
      name: 'Lakeside directory',
      signs_out: true,
      creates_accounts: true,
      factors: ['mfa'],
      domains: [{ domain: 'lakeside.example' }],
    })
    expect(await cli('provider', 'change', provider.id, '--no-sign-out')).toMatchObject({ signs_out: false })
    await expect(cli('provider', 'try', provider.id)).rejects.toMatchObject({ stdout: expect.stringContaining('"usable": false') })
    await expect(cli('provider', 'add', '--name', 'Half', '--issuer', 'https://login.example.net')).rejects.toMatchObject({
      stderr: expect.stringContaining('client_id'),
    })
  })
})

describe('a directory', () => {
  it('makes, reads, changes, closes and removes somebody, and each answer is what the standard says', async () => {
    const said = { userName: 'grace@lakeside.example', name: { givenName: 'Grace', familyName: 'Hopper', formatted: 'Grace Hopper' }, active: true }
    const made = await ask('POST', '/Users', new SCIMMY.Schemas.User(said as never, 'in'))
    expect(made.status).toBe(201)
    const grace = new SCIMMY.Schemas.User(made.body as never, 'out')
    expect(grace).toMatchObject({ userName: 'grace@lakeside.example', displayName: 'Grace Hopper', active: true, meta: { resourceType: 'User' } })
    const listed = await ask('GET', `/Users?filter=${encodeURIComponent('userName eq "grace@lakeside.example"')}&attributes=userName`)
    expect(new SCIMMY.Messages.ListResponse(listed.body as never)).toMatchObject({ totalResults: 1, Resources: [{ id: grace.id, userName: grace.userName }] })
    expect(Object.keys((listed.body.Resources as object[])[0] ?? {}).sort()).toEqual(['id', 'schemas', 'userName'])

    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [
        { op: 'replace', path: 'active', value: false },
        { op: 'replace', path: 'name.formatted', value: 'Grace B. Hopper' },
      ],
    }
    const meant = (await new SCIMMY.Messages.PatchOp(patch as never).apply(
      new SCIMMY.Schemas.User(made.body as never, 'in') as never,
    )) as unknown as typeof grace
    const patched = await ask('PATCH', `/Users/${grace.id}`, patch)
    expect(patched.body).toMatchObject({ active: meant.active, name: { formatted: meant.name?.formatted } })
    expect((await ask('DELETE', `/Users/${grace.id}`)).status).toBe(204)
    const gone = await ask('GET', `/Users/${grace.id}`)
    expect(gone).toMatchObject({ status: 404, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '404' } })
  })

  it('keeps a group, and learns by the form of the standard what cannot be', async () => {
    const rosa = (await ask('POST', '/Users', new SCIMMY.Schemas.User({ userName: 'rosa@lakeside.example' } as never, 'in'))).body
    const made = await ask('POST', '/Groups', new SCIMMY.Schemas.Group({ displayName: 'Guides', members: [{ value: rosa.id }] } as never, 'in'))
    expect(new SCIMMY.Schemas.Group(made.body as never, 'out')).toMatchObject({ displayName: 'Guides', members: [{ value: rosa.id }] })
    const again = await ask('POST', '/Groups', { displayName: 'Guides' })
    expect([again.status, again.body.scimType]).toEqual([409, 'uniqueness'])
    const readOnly = await ask('PATCH', `/Groups/${made.body.id}`, { Operations: [{ op: 'replace', path: 'id', value: 'x' }] })
    expect([readOnly.status, readOnly.body.scimType]).toEqual([400, 'mutability'])
  })

  it.skipIf(python === undefined)(
    `is scim2-client, which holds every answer against the standard${python === undefined ? ' (GATEHOUSE_TEST_SCIM_PYTHON names no interpreter that has it)' : ''}`,
    async () => {
      const { stdout } = await run(python ?? '', [join(root, 'test/scim-client/round_trip.py'), base, token])
      expect(JSON.parse(stdout)).toEqual({ found: 1, named: null, patched: 'Mary W. Jackson', members: 1, closed: false, left: 0 })
    },
    60_000,
  )
})
