import { hash } from 'node:crypto'
import { must } from '@gatehouse/sdk/client'
import { redeemOnSocket } from '@gatehouse/sdk/exchange'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster, until } from './node.ts'
import { arrange, authorize, purpose, redeem, type Scenario } from './scenario.ts'

let node: NodeProcess
let scene: Scenario

beforeAll(async () => {
  node = await startInCluster()
  scene = await arrange(node)
})
afterAll(() => node?.remove())

describe('a release', () => {
  it('is refused to nobody, and to a partner that speaks for another', async () => {
    expect((await authorize(node, { ...scene.partner, key: 'ghk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, 'C1')).status).toBe(401)
    const other = await authorize(node, { ...scene.partner, reference: 'somebody-else' }, 'C1')
    expect(other).toMatchObject({ status: 403, body: { type: '/problems/release/partner-mismatch' } })
  })

  it('gives one and the same answer for a missing consent and an unknown person', async () => {
    const without = await authorize(node, scene.partner, 'C3')
    const unknown = await authorize(node, scene.partner, 'nobody-has-this-id')
    expect(without.status).toBe(403)
    expect(without.body.reasons).toEqual([{ code: 'not_available' }])
    const { instance: _, ...one } = without.body
    const { instance: __, ...other } = unknown.body
    expect(one).toEqual(other)
  })

  it('is refused for a purpose that no rule permits, and says which rule spoke', async () => {
    const answer = await authorize(node, scene.partner, 'C1', { purpose: 'dpv:Marketing' })
    expect(answer).toMatchObject({ status: 403, body: { reasons: [{ code: 'purpose_not_permitted', rule: 'serve' }] } })
  })

  it('leaves once, masked, over HTTPS', async () => {
    const granted = await authorize(node, scene.partner, 'C1')
    expect(granted).toMatchObject({ status: 200, body: { status: 'approved', expires_in: 300 } })
    const first = await redeem(node, granted.body.token)
    expect(first.status).toBe(200)
    expect(first.body.record).toEqual({
      given_name: 'Ada',
      family_name: 'L*******',
      email: '***@example.org',
      date_of_birth: '1815',
      annual_income: 51000,
    })
    const second = await redeem(node, granted.body.token)
    expect(second).toMatchObject({ status: 403, body: { type: '/problems/release/token-refused' } })
    await until(async () => (await stateOf(granted.body.release_id)) === 'delivered')
  })

  it('leaves once over the exchange socket, to whoever pins its certificate', async () => {
    const granted = await authorize(node, scene.partner, 'C2', { fields: ['given_name', 'email'] })
    const { host, port, fingerprint } = node.credential.exchange
    await expect(redeemOnSocket({ host, port, token: granted.body.token, fingerprint: '00'.repeat(32) })).rejects.toThrow(/another certificate/)
    const { header, data } = await redeemOnSocket({ host, port, token: granted.body.token, fingerprint })
    expect(JSON.parse(data)).toEqual({ given_name: 'Grace', email: expect.stringContaining('@example.org') })
    expect(header).toMatchObject({ release_id: granted.body.release_id, partner_id: 'northwind-bank' })
    await expect(redeemOnSocket({ host, port, token: granted.body.token, fingerprint })).rejects.toThrow(/not accepted/)
  })

  it('refuses every bad token alike', async () => {
    const used = (await authorize(node, scene.partner, 'C1')).body
    await redeem(node, used.token)
    const cancelled = (await authorize(node, scene.partner, 'C1')).body
    await scene.partner.client.DELETE('/v1/releases/{release}', { params: { path: { release: cancelled.release_id } } })
    const answers = await Promise.all(
      [used.token, cancelled.token, 'gh1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'not a token', ''].map((token) => redeem(node, token)),
    )
    const [first, ...rest] = answers.map(({ status, body: { instance: _, ...body } }) => ({ status, body }))
    expect(first?.status).toBe(403)
    for (const answer of rest) expect(answer).toEqual(first)
  })

  it('is not spent from where the exchange is not reached, and looks like any other refusal', async () => {
    const exchange = (networks: string[]) => ({ body: { settings: { boundaries: { exchange: networks.length === 0 ? null : { networks } } } } })
    const { host, port, fingerprint } = node.credential.exchange
    const granted = (await authorize(node, scene.partner, 'C2', { fields: ['given_name'] })).body
    must(await node.operator.PATCH('/v1/tenant', exchange(['198.51.100.0/24'])))
    await until(async () => (await redeem(node, granted.token)).status === 403)
    expect(await redeem(node, granted.token)).toMatchObject({ status: 403, body: { type: '/problems/release/token-refused' } })
    await expect(redeemOnSocket({ host, port, token: granted.token, fingerprint })).rejects.toThrow(/not accepted/)
    expect(await stateOf(granted.release_id)).toBe('issued')
    must(await node.operator.PATCH('/v1/tenant', exchange([])))
    await until(async () => (await redeem(node, granted.token)).status === 200)
  })

  it('burns the token when consent is withdrawn between asking and redeeming', async () => {
    const granted = (await authorize(node, scene.partner, 'C2')).body
    await node.operator.POST('/v1/consents/{consent}/withdraw', { params: { path: { consent: scene.consents.get('C2') } }, body: { user_id: 'C2' } } as never)
    expect((await redeem(node, granted.token)).status).toBe(403)
    expect(await stateOf(granted.release_id)).toBe('burned')
    expect((await authorize(node, scene.partner, 'C2')).body.reasons).toEqual([{ code: 'not_available' }])
  })

  it('gives evidence that the independent verifier accepts, and finds a flipped byte in', async () => {
    const granted = (await authorize(node, scene.partner, 'C1')).body
    await redeem(node, granted.token)
    await until(async () => (await stateOf(granted.release_id)) === 'delivered')
    let bundle = ''
    await until(async () => {
      const answer = await node.operator.GET('/v1/releases/{release}/evidence', { params: { path: { release: granted.release_id } } } as never)
      bundle = answer.response.status === 200 ? JSON.stringify(answer.data) : ''
      return bundle !== ''
    })
    const { verifyBundle } = await import('@gatehouse/verify/bundle/verify')
    const { nodePrimitives, nodeVerify } = await import('@gatehouse/crypto/node')
    const keys = await vkeys()
    const cryptography = { sha256: nodePrimitives.sha256, sha512: (data: Uint8Array) => hash('sha512', data, 'buffer'), verifyEd25519: nodeVerify }
    const report = await verifyBundle(bundle, keys, cryptography)
    expect(report.checks.filter((check) => check.verdict !== 'good')).toEqual([])
    expect(report.verdict).toBe('good')
    const place = bundle.indexOf('"encrypted_data":"') + 60
    const flipped = bundle.slice(0, place) + (bundle[place] === 'A' ? 'B' : 'A') + bundle.slice(place + 1)
    expect((await verifyBundle(flipped, keys, cryptography)).verdict).toBe('bad')
    // The seal is over all of it: what no proof covers cannot be changed either.
    const retold = JSON.stringify({ ...JSON.parse(bundle), created: '2020-01-01T00:00:00.000Z' })
    expect((await verifyBundle(retold, keys, cryptography)).verdict).toBe('bad')
  })

  it('gives the evidence of a person and of a project, and the sealed vault, which verify elsewhere', async () => {
    const { verifyBundle } = await import('@gatehouse/verify/bundle/verify')
    const { nodeCryptography } = await import('@gatehouse/verify/command/machine')
    const keys = await vkeys()
    const read = async (path: string) => {
      let text = ''
      await until(async () => {
        const answer = await fetch(`${node.origin}${path}`, { headers: { authorization: `Bearer ${node.credential.key}` } })
        text = await answer.text()
        return answer.status === 200
      })
      return text
    }
    const release = (await authorize(node, scene.partner, 'C1')).body.release_id
    const { subject } = (await node.operator.GET('/v1/releases/{release}', { params: { path: { release } } } as never)).data as unknown as { subject: string }
    const query = new URLSearchParams({ partner: scene.partner.id, purpose })
    for (const path of [`/v1/evidence/people/${subject}`, `/v1/evidence/projects?${query}`]) {
      const bundle = await read(path)
      const report = await verifyBundle(bundle, keys, nodeCryptography)
      expect(report.checks.filter((check) => check.verdict !== 'good')).toEqual([])
      expect(JSON.parse(bundle).documents.length).toBeGreaterThan(0)
      const other = JSON.stringify({ ...JSON.parse(bundle), about: { kind: 'person', subject: release } })
      expect((await verifyBundle(other, keys, nodeCryptography)).verdict).toBe('bad')
    }
    for (const path of [`/v1/evidence/people/${release}`, '/v1/evidence/projects', `/v1/evidence/projects?purpose=none`])
      expect([400, 404]).toContain((await fetch(`${node.origin}${path}`, { headers: { authorization: `Bearer ${node.credential.key}` } })).status)
    expect((await fetch(`${node.origin}/v1/evidence/people/${subject}`, { headers: { authorization: `Bearer ${scene.partner.key}` } })).status).toBe(403)

    const { verifyVault } = await import('@gatehouse/verify/vault/verify')
    const { readKeys } = await import('@gatehouse/verify/keys')
    const { judge } = await import('@gatehouse/verify/report')
    const exported = (await read('/v1/vault/export')).trimEnd().split('\n')
    const trusted = await readKeys(keys, nodeCryptography)
    const report = await judge(async (run) => {
      async function* lines() {
        for (const [at, text] of exported.entries()) yield { text, place: `line ${at + 1}` }
      }
      const origin = trusted[0]?.name ?? ''
      await verifyVault(run, { lines: lines(), heads: undefined, origin, keys: trusted, policy: { witnesses: [], quorum: 0 }, cryptography: nodeCryptography })
    })
    expect(report.checks.map(({ text }) => text)).toContain('3 blocks in 3 chains are whole, signed, and follow one another')
    expect(report.checks.filter(({ verdict }) => verdict !== 'good')).toEqual([expect.objectContaining({ text: expect.stringContaining('without the log') })])
  })
})

async function stateOf(release: string): Promise<unknown> {
  return ((await node.operator.GET('/v1/releases/{release}', { params: { path: { release } } } as never)).data as { state?: string } | undefined)?.state
}

async function vkeys(): Promise<string> {
  return (await node.operator.GET('/v1/evidence/keys')).data?.key_file ?? ''
}
