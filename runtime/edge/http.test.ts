import { mkdtemp, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type FileAnswer, type Knock, operation, type Sent } from '../door/operation.ts'
import { type TestNode, testNode } from '../door/testing/node.ts'
import { noteModule, notesIn, writeNote } from '../door/testing/note.ts'
import { type FollowUps, followUps } from './follow-up.ts'
import { bodyBytesMax, type HttpOptions, openHttp } from './http.ts'
import { servePages } from './pages.ts'

let node: TestNode
let app: FastifyInstance
let after: FollowUps
let port: number
let knocks: Knock[]
let sent: Sent[]
let returned: boolean
let gate: Promise<unknown>

const read = { action: 'read', on: () => ({ type: 'note' }) } as const
const none = { none: 'a test keeps nothing' } as const
const empty = z.strictObject({})

const update = operation({
  name: 'note.update',
  summary: 'Update',
  input: z.strictObject({ note: z.string(), text: z.string() }),
  output: z.strictObject({ note: z.string() }),
  access: { action: 'update', on: () => ({ type: 'note' }) },
  audit: none,
  http: { method: 'POST', path: '/v1/notes/:note', aliases: ['/notes/:note'] },
  run: async (_ctx, { note }) => ({ note }),
})
const rows = operation({
  kind: 'steps' as const,
  name: 'note.export',
  summary: 'Export',
  input: z.strictObject({ format: z.string().optional() }),
  output: z.unknown(),
  answers: 'rows' as const,
  access: read,
  audit: none,
  http: { method: 'GET', path: '/v1/rows' },
  run: async () =>
    (async function* () {
      yield { name: '=cmd()', n: 1 }
    })(),
})
const file = operation({
  kind: 'steps' as const,
  name: 'note.print',
  summary: 'Print',
  input: z.strictObject({ text: z.string() }),
  output: z.custom<FileAnswer>(),
  answers: 'file' as const,
  mediaTypes: ['text/plain'],
  access: read,
  audit: none,
  http: { method: 'POST', path: '/v1/files' },
  run: async (_ctx, { text }) => ({
    name: 'note.txt',
    mediaType: 'text/plain; charset=utf-8',
    chunks: (async function* () {
      yield new TextEncoder().encode(text)
      yield ' – end'
    })(),
  }),
})
const events = operation({
  kind: 'steps' as const,
  name: 'note.watch',
  summary: 'Watch',
  input: empty,
  output: z.unknown(),
  answers: 'events' as const,
  access: read,
  audit: none,
  http: { method: 'GET', path: '/v1/events' },
  run: async () => {
    let told = false
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          if (told) return new Promise(() => {})
          told = true
          return Promise.resolve({ done: false as const, value: [{ id: '7', type: 'note.written', data: JSON.stringify({ text: 'a\nb' }) }] })
        },
        return: async () => {
          returned = true
          return { done: true as const, value: undefined }
        },
      }),
    }
  },
})
const signIn = operation({
  name: 'note.sign_in',
  summary: 'Sign in',
  input: empty,
  output: z.strictObject({ session_token: z.string(), user: z.string() }),
  access: { public: 'a test' },
  audit: none,
  session: 'begins',
  http: { method: 'POST', path: '/v1/sign-in' },
  run: async (ctx) => {
    knocks.push(ctx.knock)
    return { session_token: 'ghs_x', user: 'u' }
  },
})
const signOut = operation({
  name: 'note.sign_out',
  summary: 'Sign out',
  input: empty,
  output: empty,
  access: read,
  audit: none,
  session: 'ends',
  http: { method: 'POST', path: '/v1/sign-out' },
  run: async () => ({}),
})
const close = operation({
  name: 'note.close',
  summary: 'Close',
  input: z.strictObject({ fates: z.array(z.unknown()) }),
  output: empty,
  access: read,
  audit: none,
  async run(_ctx, { fates }) {
    sent.push(...(fates as Sent[]))
    return {}
  },
})
const fetchNote = operation({
  name: 'note.fetch',
  summary: 'Fetch',
  input: empty,
  output: z.strictObject({ text: z.string() }),
  access: read,
  audit: none,
  followUp: { operation: close, inputOf: (items: readonly { sent: Sent }[]) => ({ fates: items.map((item) => item.sent) }) },
  http: { method: 'POST', path: '/v1/fetch' },
  async run(ctx) {
    knocks.push(ctx.knock)
    await gate
    return { text: 'milk' }
  },
})
const operations = [writeNote, update, rows, file, events, signIn, signOut, fetchNote]

beforeEach(async () => {
  ;[knocks, sent, returned, gate] = [[], [], false, Promise.resolve()]
  node = await testNode({
    modules: [noteModule(...operations.slice(1))],
    plugs: { authenticate: async (_node, knock) => (knock.authorization === 'none' ? undefined : node.admin) },
  })
  await start()
})
afterEach(async () => {
  await app.close()
  await after.settle()
  await node.close()
})

async function start(more: Partial<HttpOptions> = {}): Promise<void> {
  after = followUps(node.door)
  app = await openHttp({ door: node.door, operations, rateLimits: false, ready: async () => true, followUps: after, ...more })
  const portal = await mkdtemp(join(tmpdir(), 'gatehouse-portal-'))
  await writeFile(join(portal, 'index.html'), '<title>portal</title>')
  await servePages(app, () => ({ openapi: '3.1.0' }), portal)
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
}
async function restart(more: Partial<HttpOptions>): Promise<void> {
  await app.close()
  await start(more)
}
const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init)
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) })
async function until(ready: () => boolean): Promise<void> {
  const end = performance.now() + 5_000
  while (!ready()) {
    if (performance.now() > end) throw new Error('it did not become true in time')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
async function problem(answer: Promise<Response>): Promise<Record<string, unknown>> {
  const response = await answer
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  const document = (await response.json()) as Record<string, unknown>
  expect(document.status).toBe(response.status)
  expect(document.instance).toBe(`urn:trace:${response.headers.get('x-request-id')}`)
  return document
}

describe('a request that does not fit is answered by a problem', () => {
  it.each([
    ['bad JSON', '{"text": planted', 400, 'input-invalid'],
    ['an empty body', '', 400, 'input-invalid'],
    ['a list', '["planted"]', 400, 'input-invalid'],
    ['an attempt at the prototype', '{"__proto__": {"text": "planted"}}', 400, 'input-invalid'],
    ['too much', JSON.stringify({ text: 'x'.repeat(bodyBytesMax) }), 413, 'too-large'],
  ])('%s', async (_, body, status, slug) => {
    const document = await problem(post('/v1/notes', body))
    expect(document).toMatchObject({ status, type: `/problems/door/${slug}` })
    expect(JSON.stringify(document)).not.toContain('planted')
    expect(await notesIn(node)).toEqual([])
  })

  it.each(['application/xml', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain; a=application/json', ''])(
    'another media type, such as a form of another site may send unasked: %s',
    async (type) => {
      const body = new Blob(['{"text": "planted"}'], { type })
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
      expect(await problem(ask('/v1/notes', { method: 'POST', headers, body }))).toMatchObject({ status: 415, type: '/problems/door/media-type' })
      expect(await notesIn(node)).toEqual([])
    },
  )

  it('unknown and wrong fields, by JSON pointers', async () => {
    const document = await problem(post('/v1/notes', { text: 7, more: 1 }))
    expect(document).toMatchObject({
      status: 400,
      errors: expect.arrayContaining([
        { pointer: '/text', detail: expect.any(String), said: { code: 'text_needed', params: {} } },
        { pointer: '', detail: 'unknown field: more', said: { code: 'field_unknown', params: { field: 'more' } } },
      ]),
    })
  })

  it.each([
    ['a body that repeats a parameter of the path', '/v1/notes/a', { note: 'b', text: 'x' }, '/note'],
    ['a body that repeats a parameter of the query', '/v1/notes/a?text=y', { text: 'x' }, '/text'],
  ])('%s', async (_, path, body, pointer) => {
    expect(await problem(post(path, body))).toMatchObject({ status: 400, errors: [{ pointer }] })
  })

  it.each(['/v1/nothing', '/nothing', '/docs/assets/package.json', '/docs/assets/../package.json', '/v1/events/..%2f..'])(
    'an address that is none: %s',
    async (path) => {
      expect(await problem(ask(path))).toMatchObject({ status: 404, type: '/problems/door/not-found' })
    },
  )

  it('an address that cannot be read, without repeating it', async () => {
    const document = await problem(ask('/%zz-planted'))
    expect(document).toMatchObject({ status: 400, type: '/problems/door/input-invalid' })
    expect(JSON.stringify(document)).not.toContain('planted')
  })

  it('nobody, told how to sign in', async () => {
    const response = await post('/v1/notes', { text: 'milk' }, { authorization: 'none' })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer, DPoP algs="ES256 EdDSA"'])
  })

  it('a failure of the node says nothing of itself', async () => {
    const document = await problem(post('/v1/notes', { text: 'broken' }))
    expect(document).toMatchObject({ status: 500 })
    expect(JSON.stringify(document)).not.toMatch(/Jane|RangeError|at /)
  })
})

describe('an answer', () => {
  it('has the status of its operation, and is not to be stored by anybody', async () => {
    const response = await post('/v1/notes', { text: 'milk' }, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })
    expect(response.status).toBe(201)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-request-id')).toBe('0af7651916cd43dd8448eb211c80319c')
    expect(node.entries[0]?.trace).toBe('0af7651916cd43dd8448eb211c80319c')
  })

  it('comes under an older address too', async () => {
    expect(await (await post('/notes/a', { text: 'x' })).json()).toEqual({ note: 'a' })
  })

  it.each(['/v1/notes', '/health', '/docs', '/v1/nothing', '/openapi.json'])('keeps browsers strict: %s', async (path) => {
    const { headers } = await ask(path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toMatch(/script-src 'self'(;|$)/)
    expect(policy).toContain("base-uri 'none'")
    expect(policy).toContain("form-action 'self'")
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*/)
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  it('to a repeated request with an Idempotency-Key is the first answer', async () => {
    const texts = []
    for (let i = 0; i < 2; i++) texts.push(await (await post('/v1/notes', { text: 'milk' }, { 'idempotency-key': 'k1' })).text())
    expect(texts[1]).toBe(texts[0])
    expect(await notesIn(node)).toEqual(['milk'])
  })
})

describe('the session cookie', () => {
  it('is set by signing in, out of reach for scripts and other sites, and stands nowhere else', async () => {
    const response = await post('/v1/sign-in', {})
    expect(response.headers.get('set-cookie')).toMatch(/^gatehouse_session=ghs_x; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(await response.json()).toEqual({ user: 'u' })
  })

  it('is cleared by signing out', async () => {
    expect((await post('/v1/sign-out', {})).headers.get('set-cookie')).toMatch(/^gatehouse_session=; .*Expires=Thu, 01 Jan 1970/)
  })

  it('is touched by nothing else', async () => {
    for (const answer of [post('/v1/notes', { text: 'milk' }), post('/v1/notes', { text: 'full' }), ask('/health')])
      expect((await answer).headers.get('set-cookie')).toBeNull()
  })
})

describe('where a request comes from', () => {
  const forged = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }

  it('is not what its own header says', async () => {
    await post('/v1/sign-in', {}, forged)
    expect(knocks[0]?.source).toBe('127.0.0.1')
  })

  it('is what a declared proxy says, and another proxy does not count', async () => {
    await restart({ trustedProxy: '127.0.0.1' })
    await post('/v1/sign-in', {}, forged)
    await restart({ trustedProxy: '192.0.2.1' })
    await post('/v1/sign-in', {}, forged)
    expect(knocks.map(({ source }) => source)).toEqual(['203.0.113.9', '127.0.0.1'])
  })
})

describe('a request that another site has made', () => {
  it('is told apart by what only browsers can say', async () => {
    await post('/v1/sign-in', {}, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', cookie: 'gatehouse_session=ghs_planted' })
    expect(knocks[0]).toMatchObject({ origin: 'https://evil.example', site: 'cross-site', sessionToken: 'ghs_planted', safe: false })
  })

  it('reads no answer: no other origin is ever allowed, nor asked for in advance', async () => {
    for (const init of [{}, { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }]) {
      const { headers } = await ask('/v1/notes', { ...init, headers: { ...init.headers, origin: 'https://evil.example' } })
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })

  it.each([
    '/?next=https://evil.example',
    '/sign-in?return_to=//evil.example&redirect=https://evil.example',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    '/https://evil.example',
    '/docs/assets//evil.example/..',
    '/v1/events/?url=https://evil.example',
  ])('leads nowhere else: %s', async (path) => {
    for (const accept of ['text/html', 'application/json']) {
      const response = await ask(path, { redirect: 'manual', headers: { accept } })
      expect(response.status < 300 || response.status >= 400, String(response.status)).toBe(true)
      expect([response.headers.get('location'), response.headers.get('refresh')]).toEqual([null, null])
    }
  })
})

describe('limits of rate', () => {
  it('hold for signing in, say when to come back, and are not lifted by another header', async () => {
    await restart({ rateLimits: true })
    const answers = []
    for (let i = 0; i < 31; i++) answers.push(await post('/v1/sign-in', {}, { authorization: `Bearer ${i}`, 'x-forwarded-for': `203.0.113.${i}` }))
    expect(answers.slice(0, 30).every(({ status }) => status === 200)).toBe(true)
    const last = answers[30] as Response
    expect(last.status).toBe(429)
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await last.json()).toMatchObject({ type: '/problems/door/rate-limited' })
    expect((await ask('/health')).status).toBe(200)
  })

  it('do not hold where they are turned off', async () => {
    for (let i = 0; i < 31; i++) expect((await post('/v1/sign-in', {})).status).toBe(200)
  })
})

describe('streams', () => {
  it('a file has its name and its kind, and comes in pieces', async () => {
    const answer = await ask('/v1/files', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: 'milk' }) })
    expect([answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      'text/plain; charset=utf-8',
      'attachment; filename="note.txt"',
    ])
    expect(await answer.text()).toBe('milk – end')
  })

  it('rows are a file, as NDJSON or as CSV whose cells do not run', async () => {
    const json = await ask('/v1/rows')
    expect([json.headers.get('content-type'), await json.text()]).toEqual(['application/x-ndjson; charset=utf-8', '{"name":"=cmd()","n":1}\n'])
    for (const csv of [await ask('/v1/rows', { headers: { accept: 'text/csv' } }), await ask('/v1/rows?format=csv')]) {
      expect(csv.headers.get('content-disposition')).toBe('attachment; filename="gatehouse-export.csv"')
      expect(await csv.text()).toBe("name,n\r\n'=cmd(),1\r\n")
    }
  })

  it('events are sent as they come, and given back at once when the client leaves', async () => {
    const message = await new Promise<IncomingMessage>((resolve) => request({ port, host: '127.0.0.1', path: '/v1/events' }, resolve).end())
    expect(message.headers['content-type']).toContain('text/event-stream')
    let text = ''
    message.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    message.on('error', () => {})
    await until(() => text.includes('data: '))
    expect(text).toBe(': open\n\nid: 7\nevent: note.written\ndata: {"text":"a\\nb"}\n\n')
    expect(returned).toBe(false)
    message.destroy()
    await until(() => returned)
  })
})

describe('what follows an answer', () => {
  it('learns that it left whole', async () => {
    const text = await (await post('/v1/fetch', {})).text()
    await until(() => sent.length === 1)
    expect(sent).toEqual([{ complete: true, bytes: text.length }])
  })

  it('learns that the client had left before it', async () => {
    let answer: (value: unknown) => void = () => {}
    gate = new Promise((resolve) => {
      answer = resolve
    })
    const client = connect(port, '127.0.0.1')
    client.write('POST /v1/fetch HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}')
    await until(() => knocks.length === 1)
    client.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    answer(undefined)
    await until(() => sent.length === 1)
    expect(sent).toEqual([{ complete: false, bytes: 0 }])
  })
})

describe('pages', () => {
  it('the portal answers browsers at its own addresses, and the API’s stay the API’s', async () => {
    const browser = { headers: { accept: 'text/html' } }
    expect(await (await ask('/policies/new', browser)).text()).toContain('portal')
    expect((await ask('/v1/nothing', browser)).status).toBe(404)
    const styles = await ask('/docs/assets/swagger-ui.css')
    expect([styles.status, (await styles.text()).length > 0]).toEqual([200, true])
    expect(await (await ask('/openapi.json')).json()).toEqual({ openapi: '3.1.0' })
  })

  it('readiness is told by status', async () => {
    expect((await ask('/ready')).status).toBe(200)
    await restart({ ready: async () => false })
    expect([(await ask('/ready')).status, (await ask('/health')).status]).toEqual([503, 200])
  })
})

it('what is taken along to sign in elsewhere lives in a cookie that only the ways in see, and goes with the answer', async () => {
  const jar = (await post('/v1/sign-in', {}, { cookie: 'gatehouse_entrance=t' })).headers.getSetCookie()
  expect(jar.find((one) => one.startsWith('gatehouse_entrance='))).toMatch(/^gatehouse_entrance=;.*Path=\/v1\/auth;/)
  expect(knocks.at(-1)?.entranceToken).toBe('t')
})
