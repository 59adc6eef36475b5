import type { Knock } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partnersModule } from '../partners/index.ts'
import { issueKey } from './issue-key.ts'
import { listKeys } from './list-keys.ts'
import { problems } from './problems.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import type { ApiKey, SignedIn } from './schema.ts'
import { browser, type IdentityNode, identityNode } from './testing/identity.ts'
import { updateUser } from './update-user.ts'

let node: IdentityNode
let admin: SignedIn
const partners = (name: string) => partnersModule.operations.find((operation) => operation.name === name) as (typeof partnersModule.operations)[number]
beforeAll(async () => {
  // Rights count here, as in a node.
  node = await identityNode({ secondFactor: 'nobody' })
  admin = await node.firstAdministrator()
  await node.done(partners('partners.create'), { reference: 'acme-bank', name: 'Acme Bank' }, asAdmin())
})
afterAll(() => node.close())

const asAdmin = () => browser({ sessionToken: admin.session_token })
const issue = (more = {}) => node.done<{ key: string; api_key: ApiKey }>(issueKey, { label: 'production', ...more }, asAdmin())
const knock = (key: string): Knock => ({ channel: 'http', authorization: `Bearer ${key}`, source: '192.0.2.7' })

describe('a scoped API key', () => {
  const looksAtKeys = [{ area: 'api_key' as const, level: 'read' as const }]

  it('does nothing that its scopes do not name, though its owner may', async () => {
    const { key, api_key } = await issue({ scopes: looksAtKeys })
    expect(api_key.scopes).toEqual(looksAtKeys)
    expect((await node.done<{ data: ApiKey[] }>(listKeys, {}, knock(key))).data.map(({ id }) => id)).toContain(api_key.id)
    for (const [operation, input] of [
      [issueKey, { label: 'more' }],
      [revokeKey, { key: api_key.id }],
      [partners('partners.list'), {}],
    ] as const) {
      await expect(node.ask(operation, input, knock(key))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    }
  })

  it('gives its owner nothing: a partner may not look at accounts by naming them', async () => {
    const { key } = await issue({ partner: 'acme-bank', scopes: [{ area: 'user', level: 'write' }] })
    await expect(node.ask(listKeys, {}, knock(key))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    await expect(node.ask(updateUser, { user: admin.user.id, roles: ['auditor'] }, knock(key))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
  })

  it('issues and rotates no key that reaches further than itself', async () => {
    const { key, api_key } = await issue({ scopes: [{ area: 'api_key', level: 'write' }] })
    const master = await issue()
    for (const scopes of [undefined, [{ area: 'partner', level: 'read' }], [...looksAtKeys, { area: 'policy', level: 'write' }]] as const) {
      expect((await node.refused(issueKey, { label: 'wider', ...(scopes === undefined ? {} : { scopes }) }, knock(key))).kind).toBe(
        problems.key_reaches_further,
      )
    }
    expect((await node.refused(rotateKey, { key: master.api_key.id }, knock(key))).kind).toBe(problems.key_reaches_further)
    await node.done(issueKey, { label: 'as wide', scopes: looksAtKeys }, knock(key))
    await node.done(rotateKey, { key: api_key.id }, knock(key))
  })

  it('is written in the ledger with its scopes', async () => {
    await issue({ scopes: [...looksAtKeys, { area: 'policy', level: 'write', scope: { kind: 'project', id: '01980000-0000-7000-8000-0000000000b1' } }] })
    expect(node.entries.at(-1)?.facts.details).toMatchObject({ scopes: 'api_key:read policy:write@project/01980000-0000-7000-8000-0000000000b1' })
    await issue()
    expect(node.entries.at(-1)?.facts.details).toMatchObject({ scopes: 'everything' })
  })

  describe('as the password of HTTP Basic, which spreadsheets know', () => {
    const basic = (password: string, name = 'key'): Knock => ({
      channel: 'http',
      authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
      source: '192.0.2.7',
    })

    it('is not taken where it is good for everything, and a person’s password never is', async () => {
      const { key } = await issue()
      for (const password of [key, 'correct horse battery staple', '', `${key}:${key}`]) {
        await expect(node.ask(listKeys, {}, basic(password))).rejects.toMatchObject({ kind: doorProblems.not_authenticated })
      }
    })

    it('is who it is, and no more, whatever the user is called', async () => {
      const { key, api_key } = await issue({ scopes: looksAtKeys })
      for (const name of ['', 'key', admin.user.email]) {
        expect((await node.done<{ data: ApiKey[] }>(listKeys, {}, basic(key, name))).data.map(({ id }) => id)).toContain(api_key.id)
        await expect(node.ask(issueKey, { label: 'more' }, basic(key, name))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
      }
      await node.done(revokeKey, { key: api_key.id }, asAdmin())
      node.clock.advance(1_000)
      await expect(node.ask(listKeys, {}, basic(key))).rejects.toMatchObject({ kind: doorProblems.not_authenticated })
    })
  })
})
