/** The coordinator as the mesh's identity provider: its own OAuth provider makes the token, and another institution takes it. */
import type { AddressInfo } from 'node:net'
import { authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nameDeployment } from '../../../governance/applications/deployments/operations.ts'
import { type ApplicationsNode, applicationsNode, origin, redirect } from '../../../governance/applications/testing/applications-node.ts'
import { insertUser } from '../../../governance/identity/store.ts'
import { createProject } from '../../../governance/projects/create.ts'
import { type Mesh, type MeshNode, openMesh } from '../testing/mesh.ts'

const audience = 'https://hill.example.org'
const analyst = '01980000-0000-7000-9000-000000000001'
let provider: ApplicationsNode
let mesh: Mesh
let lake: MeshNode
let hill: MeshNode
let home: string
let token: string
let forAnother: string

/** What the person's application gets for one audience. */
async function tokenFor(resource: string): Promise<string> {
  await provider.done(nameDeployment, { name: resource.slice(8, 12), audience: resource }, provider.as(provider.admin1))
  const config = await provider.client(await provider.application())
  const verifier = randomPKCECodeVerifier()
  const url = buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope: 'openid own_disclosure:read',
    state: 's',
    resource,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const answer = await provider.connect(url)
  return (await authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier, expectedState: 's' }, { resource })).access_token
}

beforeAll(async () => {
  provider = await applicationsNode()
  await provider.http.listen({ host: '127.0.0.1', port: 0 })
  mesh = await openMesh(['lake', 'hill'])
  lake = mesh.at('lake')
  hill = mesh.at('hill')
  token = await tokenFor(audience)
  forAnother = await tokenFor('https://moor.example.org')
  // Tokens have the machine's time.
  mesh.clock.set(Date.now())
  const inDays = (days: number) => new Date(mesh.clock.nowMs() + days * 86_400_000).toISOString()
  const terms = { title: 'Falls', purpose: 'dpv:ResearchAndDevelopment', starts_at: inDays(0), ends_at: inDays(90) }
  home = (await lake.done<{ id: string }>(createProject, terms)).id
  const there = (await hill.done<{ id: string }>(createProject, terms)).id
  await lake.done('federation.invite', { project: home, peers: ['hill'] })
  await mesh.settle(2)
  await hill.done('federation.join', { peer: 'lake', foreign_project: home, project: there })
  const row = { email: 'jane@example.org', name: 'Jane', roles: [], partner_id: null, subject_id: null, created_at: inDays(0) as never }
  await lake.inTenant((tx) => insertUser(tx, { ...row, tenant_id: lake.tenant, id: analyst as never }))
  const subject = (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub
  await lake.done('federation.propose_person', { project: home, user: analyst, peers: ['hill'], known_as: { issuer: origin, subject } })
  await mesh.settle(2)
})
afterAll(async () => {
  await provider.close()
  await mesh.close()
})

const act = async (of: string) => {
  const id = await lake.send('hill', 'count', { kind: 'test.act', thread: '', onBehalfOf: { token: of, project: home } })
  await mesh.settle(3)
  return lake.state(id)
}
const approve = async () => {
  const { persons } = await hill.done<{ persons: { id: string; state: string }[] }>('federation.projects', {})
  await hill.done('federation.approve_person', { person: persons[0]?.id })
}

describe('a token that the provider of the mesh made', () => {
  it('is not taken before the institution believes the provider', async () => {
    expect(await act(token)).toMatchObject({ state: 'refused', reason: 'person-token-invalid' })
  })

  it('says who somebody is and gives no right: the person is approved here', async () => {
    const { port } = provider.http.server.address() as AddressInfo
    await hill.done('federation.name_provider', { issuer: origin, jwks_uri: `http://127.0.0.1:${port}/oauth/jwks`, audience })
    expect(await act(token)).toMatchObject({ state: 'refused', reason: 'person-not-approved' })
    await approve()
    expect(await act(token)).toMatchObject({ state: 'acknowledged' })
    expect(hill.heard).toMatchObject([{ word: 'count', user: expect.any(String) }])
  })

  it('counts for the institution that it was made for alone, unchanged, and as long as it holds', async () => {
    expect(await act(forAnother)).toMatchObject({ state: 'refused', reason: 'person-token-invalid' })
    const [head, body = '', signature] = token.split('.')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: analyst })).toString('base64url')
    expect(await act(`${head}.${changed}.${signature}`)).toMatchObject({ state: 'refused', reason: 'person-token-invalid' })
    mesh.clock.advance(10 * 60_000)
    expect(await act(token)).toMatchObject({ state: 'refused', reason: 'person-token-invalid' })
  })
})
