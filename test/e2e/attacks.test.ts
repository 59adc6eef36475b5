import { connect } from 'node:net'
import { betterAuthPaths } from '@gatehouse/modules/governance/identity/testing/better-auth-paths'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspect, migratedDatabase, type SharedDatabase } from './database.ts'
import { entries, faults } from './log.ts'
import { type NodeProcess, startNode } from './node.ts'
import { addPartner, arrange, authorize, member, type Partner, redeem, type Scenario } from './scenario.ts'

let database: SharedDatabase
let node: NodeProcess
let scene: Scenario
let stranger: Partner

beforeAll(async () => {
  database = await migratedDatabase()
  node = await startNode({ environment: { DATABASE_URL: database.url, GATEHOUSE_EGRESS_ALLOW: 'hooks.example.org:443' } })
  scene = await arrange(node)
  stranger = await addPartner(node, 'harbour-clinic')
})
afterAll(async () => {
  await node?.remove()
  await database?.drop()
})

const json = { 'content-type': 'application/json' }
const as = (key: string) => ({ authorization: `Bearer ${key}` })

function ask(path: string, init: RequestInit & { key?: string } = {}): Promise<Response> {
  const { key = node.credential.key, headers, ...rest } = init
  return fetch(`${node.origin}${path}`, { ...rest, headers: { ...as(key), ...headers } })
}
const post = (path: string, body: unknown, key?: string) =>
  ask(path, { method: 'POST', headers: json, body: typeof body === 'string' ? body : JSON.stringify(body), ...(key === undefined ? {} : { key }) })

/** Bytes as no well-behaved client would send them. What was answered before the connection ended, however it ended. */
function rawHttp(request: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(node.origin).port) }, () => socket.write(request))
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
    })
    socket.once('error', () => {})
    socket.once('close', () => resolve(text))
    socket.setTimeout(5_000, () => socket.destroy())
  })
}

describe('SQL in every text that is sent', () => {
  const texts = [`' OR '1'='1`, `'; DROP TABLE release.grant; --`, `"; SELECT pg_sleep(5); --`, '\\', '%', `C1' UNION SELECT 1--`, '$1', `x', true)--`]

  it('is a text like any other: refused or not found, and never an error of the node', async () => {
    const before = await inspect(database.superuser, 'SELECT count(*) FROM subjects.subject')
    for (const text of texts) {
      const coded = encodeURIComponent(text)
      const answers = [
        await authorize(node, scene.partner, text),
        await authorize(node, scene.partner, 'C1', { purpose: text }),
        await authorize(node, scene.partner, 'C1', { fields: [text] }),
        await authorize(node, scene.partner, 'C1', { record_type: text }),
        await authorize(node, { ...scene.partner, reference: text }, 'C1'),
        await redeem(node, text),
        await post('/v1/consents/search', { user_id: text }),
        await post('/v1/vault/describe', { user_id: text }),
        await post('/v1/records/read', { user_id: text, purpose: text }),
        await ask(`/v1/logs?type=${coded}&actor=${coded}&purpose=${coded}&object_kind=${coded}&object_id=${coded}`),
        await ask(`/v1/logs?cursor=${coded}`),
        await ask(`/v1/releases?purpose=${coded}`),
        await ask(`/v1/releases?cursor=${Buffer.from(`2026-01-01T00:00:00Z' OR 1=1 ${text}`).toString('base64url')}`),
        await ask(`/v1/releases/${coded}`),
        await ask(`/v1/partners/${coded}`),
        await ask(`/v1/policies/${coded}`),
        await post('/v1/auth/sign-in', { email: text, password: text }),
      ]
      for (const [index, { status }] of answers.entries())
        expect([text, index, status < 500 && (status >= 400 || index === 9 || index === 6 || index === 11)]).toEqual([text, index, true])
    }
    const rows = must(await node.operator.GET('/v1/logs', { params: { query: { type: `' OR '1'='1` } } } as never)) as unknown as { data: unknown[] }
    expect(rows.data).toEqual([])
    expect(await inspect(database.superuser, 'SELECT count(*) FROM subjects.subject')).toEqual(before)
    expect((await inspect<{ there: boolean }>(database.superuser, `SELECT to_regclass('release.grant') IS NOT NULL AS there`))[0]?.there).toBe(true)
  })
})

describe('a request that is not as it should be', () => {
  it('cannot put a header into the answer', async () => {
    const answer = await authorize(node, scene.partner, 'C1\r\nset-cookie: gatehouse_session=x', { purpose: 'x\r\nset-cookie: a=b' })
    expect(answer.status).toBeLessThan(500)
    for (const path of ['/v1/logs?type=a%0d%0aset-cookie:%20a=b', '/%0d%0aset-cookie:%20a=b', '/v1/releases/%0d%0aset-cookie:a=b'])
      expect((await ask(path)).headers.get('set-cookie')).toBeNull()
    const traced = await ask('/v1/logs', { headers: { traceparent: '00-zz<script>-x-01' } })
    expect(traced.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer null',
    'Basic YTpi',
    'bearer ghk_',
    `Bearer ghk_${'A'.repeat(5_000)}`,
    "Bearer ghk_' OR 1=1--",
    'Digest x',
    'ghk_AAAA',
    'Bearer gh1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ])('is nobody with the authorization %j', async (authorization) => {
    const answer = await fetch(`${node.origin}/v1/logs`, { headers: { authorization } })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8'])
  })

  it('is nobody where two credentials are sent as one, and where a session cookie is made up', async () => {
    const two = await rawHttp(
      `GET /v1/logs HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ghk_x\r\nauthorization: Bearer ${node.credential.key}\r\nconnection: close\r\n\r\n`,
    )
    expect(two).toMatch(/^HTTP\/1\.1 40[01] /)
    expect((await fetch(`${node.origin}/v1/logs`, { headers: { cookie: 'gatehouse_session=ghs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } })).status).toBe(
      401,
    )
  })

  it('is not believed about where it comes from', async () => {
    const forged = {
      'x-forwarded-for': '10.9.8.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=10.9.8.7;host=evil.example',
    }
    const answer = await ask('/v1/logs', { headers: forged })
    expect(answer.status).toBe(200)
    expect(JSON.stringify([...answer.headers])).not.toContain('evil.example')
    const hosted = await rawHttp(`GET /docs HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`)
    expect(hosted.replace(/^host:.*$/m, '')).not.toContain('evil.example')
  })

  it('is too large, and says so', async () => {
    expect((await post('/v1/authorize', { partner_id: 'northwind-bank', user_id: 'x'.repeat(2_000_000), purpose: 'p' }, scene.partner.key)).status).toBe(413)
    expect((await authorize(node, scene.partner, 'x'.repeat(300))).status).toBe(400)
    // The connection may be reset before its sender has read why.
    expect(await rawHttp(`GET /v1/logs HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(100_000)}\r\nconnection: close\r\n\r\n`)).toMatch(/^(HTTP\/1\.1 431 |$)/)
    expect(await rawHttp(`GET /${'y'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/)
    expect(
      await rawHttp('POST /v1/redeem HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n'),
    ).toMatch(/^HTTP\/1\.1 400 /)
    expect((await ask('/health')).status).toBe(200)
  })

  it.each([
    '/..%2f..%2fpackage.json',
    '/assets/../../../package.json',
    '/docs/assets/..%2f..%2f..%2fpackage.json',
    '/docs/assets/%2e%2e/%2e%2e/package.json',
    '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/docs/assets/index.js',
    '/..\\..\\package.json',
    '/%00',
    '//etc/passwd',
    '/.env',
    '/credential.json',
  ])('reads no file at %s', async (path) => {
    const answer = await rawHttp(`GET ${path} HTTP/1.1\r\nhost: x\r\naccept: */*\r\nconnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404) /)
    expect(answer).not.toMatch(/workspaces|root:|swagger-ui-dist/)
  })

  it('cannot reach the prototype of an object', async () => {
    for (const body of [
      '{"partner_id":"northwind-bank","user_id":"C1","purpose":"dpv:ServiceProvision","__proto__":{"roles":["administrator"]}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      '{"__proto__":{"polluted":1},"user_id":"C1"}',
      '[]',
      'null',
      '7',
      '{"a":',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    ]) {
      expect([body.slice(0, 40), (await post('/v1/authorize', body, scene.partner.key)).status]).toEqual([body.slice(0, 40), 400])
    }
    expect((await post('/v1/policies', { document: JSON.parse('{"__proto__":{"a":1},"uid":"x"}') })).status).toBe(400)
  })
})

describe('the library that judges passwords', () => {
  const leadsAway = 'callbackURL=https://evil.example&errorCallbackURL=//evil.example&redirectTo=https://evil.example'

  it('has no route of its own here, and so none that leads elsewhere', async () => {
    const paths = betterAuthPaths()
    expect(paths).toEqual(expect.arrayContaining(['/sign-in/email', '/sign-up/email', '/callback/:id', '/verify-email', '/delete-user/callback']))
    const answers = await Promise.all(
      paths.flatMap((path) =>
        (['GET', 'POST'] as const).map(async (method) => {
          const body = method === 'POST' ? { body: JSON.stringify({ callbackURL: 'https://evil.example' }) } : {}
          const answer = await ask(`/api/auth${path.replaceAll(':', '')}?${leadsAway}`, { method, headers: json, redirect: 'manual', ...body })
          return { path, status: answer.status, location: answer.headers.get('location'), cookies: answer.headers.getSetCookie() }
        }),
      ),
    )
    expect(answers.filter(({ status, location, cookies }) => status !== 404 || location !== null || cookies.length > 0)).toEqual([])
  })

  it('takes no address to go to where our own routes sign in', async () => {
    for (const name of ['callbackURL', 'returnTo', 'redirect_uri']) {
      const answer = await post('/v1/auth/sign-in', { email: 'ada@example.org', password: 'four quiet otters read', [name]: 'https://evil.example' })
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
  })
})

describe('values that a spreadsheet would run', () => {
  it('stand in no cell of an export', async () => {
    const auditor = await member(node, 'auditor', 'audit@example.org')
    for (const text of ['=cmd|calc', '+1', '-1', '@SUM(1)']) await authorize(node, scene.partner, text, { purpose: text })
    const { data } = await auditor.GET('/v1/logs/export', { params: { query: { format: 'csv' } }, parseAs: 'text' } as never)
    const lines = String(data).trim().split('\n')
    expect(lines.length).toBeGreaterThan(5)
    for (const cell of lines.flatMap((line) => line.split(','))) expect(cell.replace(/^"/, '')).not.toMatch(/^[=+@\t-]/)
  })
})

describe('one partner against another', () => {
  it('finds nothing of the other: no release, no entry, no webhook', async () => {
    const granted = (await authorize(node, scene.partner, 'C1')).body
    const hook = must(await scene.partner.client.POST('/v1/webhooks', { body: { url: 'https://hooks.example.org/x', types: 'all' } as never })) as unknown as {
      id: string
    }
    const statuses = await Promise.all(
      [
        ['GET', `/v1/releases/${granted.release_id}`],
        ['DELETE', `/v1/releases/${granted.release_id}`],
        ['GET', `/v1/releases/${granted.release_id}/evidence`],
        ['GET', `/v1/logs/${granted.decision_id}`],
        ['GET', `/v1/logs/${granted.decision_id}/proof`],
        ['GET', `/v1/webhooks/${hook.id}`],
        ['DELETE', `/v1/webhooks/${hook.id}`],
        ['GET', `/v1/webhooks/${hook.id}/deliveries`],
        ['POST', `/v1/webhooks/${hook.id}/rotate`],
        ['GET', `/v1/partners/${scene.partner.id}`],
        ['GET', `/v1/partners/${scene.partner.reference}`],
      ].map(async ([method, path]) => [path, (await ask(path as string, { method: method as string, key: stranger.key })).status]),
    )
    for (const [path, status] of statuses) expect([path, status === 404 || status === 403]).toEqual([path, true])
    expect(await (await ask(`/v1/releases?partner=${scene.partner.id}`, { key: stranger.key })).json()).toEqual({ data: [], next: null })
    expect(await (await ask(`/v1/logs?partner=${scene.partner.id}`, { key: stranger.key })).json()).toMatchObject({ data: [] })
    expect((await ask(`/v1/releases/${granted.release_id}`, { key: scene.partner.key })).status).toBe(200)
    expect((await redeem(node, granted.token)).status).toBe(200)
  })

  it.each([
    ['GET', '/v1/users'],
    ['GET', '/v1/api-keys'],
    ['GET', '/v1/partners'],
    ['GET', '/v1/policies'],
    ['GET', '/v1/logs/export'],
    ['POST', '/v1/consents/search'],
    ['POST', '/v1/vault/verify'],
    ['POST', '/v1/records/read'],
    ['POST', '/v1/ledger/verify'],
  ])('may not call %s %s', async (method, path) => {
    const input = path.endsWith('verify') ? {} : path.endsWith('search') ? { user_id: 'C1' } : { user_id: 'C1', purpose: 'dpv:ServiceProvision' }
    const body = method === 'GET' ? {} : { headers: json, body: JSON.stringify(input) }
    expect((await ask(path, { method, key: stranger.key, ...body })).status).toBe(403)
  })
})

describe('a person nobody knows and a person who did not consent', () => {
  it('look alike in answer and time', async () => {
    const once = async (userId: string) => {
      const start = performance.now()
      const { status, body } = await authorize(node, scene.partner, userId)
      const { instance: _, ...rest } = body
      return { ms: performance.now() - start, shape: JSON.stringify([status, rest]) }
    }
    for (let warm = 0; warm < 5; warm++) await Promise.all([once('C3'), once('nobody-0')])
    const [known, unknown] = [[] as Awaited<ReturnType<typeof once>>[], [] as Awaited<ReturnType<typeof once>>[]]
    for (let round = 0; round < 60; round++) {
      known.push(await once('C3'))
      unknown.push(await once(`nobody-${round}`))
    }
    expect(new Set([...known, ...unknown].map(({ shape }) => shape)).size).toBe(1)
    const median = (list: typeof known) => list.map(({ ms }) => ms).sort((a, b) => a - b)[30] ?? 0
    const ratio = median(known) / median(unknown)
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })

  it('leave nothing in the log that the partner could tell them apart by', async () => {
    for (const userId of ['C3', 'nobody-at-all']) await authorize(node, scene.partner, userId)
    const refusals = await entries(node.operator, { type: 'release.authorize', decision: 'deny' })
    expect(refusals.length).toBeGreaterThan(2)
    const views = await Promise.all([
      ask('/v1/logs?limit=100', { key: scene.partner.key }).then((answer) => answer.text()),
      ask('/v1/logs?decision=deny', { key: scene.partner.key }).then((answer) => answer.text()),
      firstOfStream('/v1/logs/stream?after=0', scene.partner.key),
    ])
    for (const view of views) expect(['"deny"', 'no_consent', 'not_available'].filter((word) => view.includes(word))).toEqual([])
    for (const { id } of refusals.slice(0, 2)) {
      expect((await ask(`/v1/logs/${id}`, { key: scene.partner.key })).status).toBe(404)
      expect((await ask(`/v1/logs/${id}/proof`, { key: scene.partner.key })).status).toBe(404)
    }
    expect((await ask('/v1/logs/export', { key: scene.partner.key })).status).toBe(403)
  })
})

async function firstOfStream(path: string, key: string): Promise<string> {
  const leaving = new AbortController()
  const reader = (await ask(path, { key, signal: leaving.signal })).body?.getReader()
  let text = ''
  while (reader !== undefined && !text.includes('event: entry')) text += Buffer.from((await reader.read()).value ?? []).toString()
  leaving.abort()
  return text
}

describe('after all of this', () => {
  it('the log and the vault are sound', async () => {
    expect(await faults(node.operator)).toEqual([])
  })
})
