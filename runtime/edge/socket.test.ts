import { createHash } from 'node:crypto'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { Problem } from '@gatehouse/core/problem'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makeCertificate, type TlsIdentity } from '../base/certificate.ts'
import { type Knock, operation, type Sent } from '../door/operation.ts'
import { doorProblems } from '../door/problems.ts'
import { type TestNode, testNode } from '../door/testing/node.ts'
import { noteModule } from '../door/testing/note.ts'
import { type FollowUps, followUps } from './follow-up.ts'
import { type ExchangeSocket, openSocket, type SocketLimits } from './socket.ts'

let identity: TlsIdentity
let node: TestNode
let socket: ExchangeSocket
let after: FollowUps
let knocks: Knock[]
let sent: Sent[]
/** What the operation waits for before it answers. */
let gate: Promise<unknown>
const clients: (Socket | TLSSocket)[] = []

const close = operation({
  name: 'note.close',
  summary: 'Closes',
  input: z.strictObject({ fates: z.array(z.unknown()) }),
  output: z.strictObject({}),
  access: { action: 'update', on: () => ({ type: 'note' }) },
  audit: () => ({}),
  async run(_ctx, { fates }) {
    sent.push(...(fates as Sent[]))
    return {}
  },
})
const open = operation({
  name: 'note.open',
  summary: 'Opens',
  input: z.strictObject({ token: z.string() }),
  output: z.strictObject({ data: z.string() }),
  access: { public: 'the token says who' },
  audit: () => ({}),
  followUp: { operation: close, inputOf: (items: readonly { sent: Sent }[]) => ({ fates: items.map((item) => item.sent) }) },
  async run(ctx, { token }) {
    knocks.push(ctx.knock)
    await gate
    if (token === 'wrong') throw new Problem(doorProblems.not_found)
    return { data: token === 'large' ? 'x'.repeat(20_000_000) : `for ${token}` }
  },
})

beforeAll(async () => {
  identity = await makeCertificate(['localhost', '127.0.0.1'], Date.now())
})
beforeEach(async () => {
  node = await testNode({ modules: [noteModule()] })
  ;[knocks, sent, gate] = [[], [], Promise.resolve()]
  await start()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await socket.close(0)
  await after.settle()
  await node.close()
})

async function start(limits: Partial<SocketLimits> = {}): Promise<void> {
  after = followUps(node.door)
  socket = await openSocket({
    door: node.door,
    tls: identity,
    operation: open,
    inputOf: (token) => ({ token }),
    frame: (output) => ({ header: { kind: 'note' }, data: (output as { data: string }).data }),
    followUps: after,
    host: '127.0.0.1',
    port: 0,
    limits: { lineTimeMs: 1_000, ...limits },
  })
}
async function restart(limits: Partial<SocketLimits>): Promise<void> {
  await socket.close(0)
  await start(limits)
}

/** A client that collects what it is told; `closed` resolves when the connection is over, whichever way. */
function client(options: object = {}): TLSSocket & { text(): string; ended: Promise<void> } {
  const made = connect({ port: socket.port, host: '127.0.0.1', ca: identity.cert, servername: 'localhost', ...options })
  clients.push(made)
  let text = ''
  made.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  made.on('error', () => {})
  return Object.assign(made, { text: () => text, ended: new Promise<void>((resolve) => made.once('close', () => resolve())) })
}
async function say(line: string, options: object = {}): Promise<string> {
  const made = client(options)
  made.write(line)
  await made.ended
  return made.text()
}
async function until(ready: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 5_000
  while (!(await ready())) {
    if (performance.now() > end) throw new Error('it did not become true in time')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
const refusedFor = async (reason: string) =>
  (await node.door.node.metrics.exchangeRefused.get()).values.find(({ labels }) => labels.reason === reason)?.value ?? 0

describe('is closed without a word', () => {
  it.each([
    ['a line that is too long', `${'x'.repeat(129)}\n`],
    ['bytes without an end', 'x'.repeat(4_000)],
  ])('%s', async (_, bytes) => {
    expect(await say(bytes)).toBe('')
    expect(await refusedFor('no_line')).toBe(1)
    expect(knocks).toEqual([])
  })

  it('a client that is silent, or sends a letter now and then', async () => {
    await restart({ lineTimeMs: 150 })
    const slow = client()
    const timer = setInterval(() => slow.writable && slow.write('x'), 40)
    await Promise.all([client().ended, slow.ended])
    clearInterval(timer)
    expect([knocks.length, await refusedFor('no_line')]).toEqual([0, 2])
  })

  it('a client that leaves before its line ends', async () => {
    const made = client()
    made.end('half a tok')
    await made.ended
    await until(async () => (await refusedFor('no_line')) === 1)
    expect(knocks).toEqual([])
  })
})

describe('what is not TLS 1.3', () => {
  it.each(['GET / HTTP/1.1\r\n\r\n', 'gh1_token\n', '\u0000\u0000\u0000\u0000\u0000\u0000'])('is refused: %j', async (bytes) => {
    const plain = connectTcp(socket.port, '127.0.0.1')
    clients.push(plain)
    plain.on('error', () => {})
    plain.resume()
    plain.write(bytes)
    await new Promise((resolve) => plain.once('close', resolve))
    expect(knocks).toEqual([])
    expect(await refusedFor('handshake')).toBe(1)
  })

  it('TLS 1.2 is refused', async () => {
    expect(await say('token\n', { maxVersion: 'TLSv1.2' })).toBe('')
    expect(knocks).toEqual([])
  })

  it('a connection that never begins to speak is closed', async () => {
    await restart({ lineTimeMs: 100 })
    const plain = connectTcp(socket.port, '127.0.0.1')
    clients.push(plain)
    plain.on('error', () => {})
    plain.resume()
    await new Promise((resolve) => plain.once('close', resolve))
    expect(await refusedFor('handshake')).toBe(1)
  })
})

describe('connections', () => {
  it.each([
    ['from one source', { connectionsPerSourceMax: 2 }],
    ['altogether', { connectionsMax: 2 }],
  ])('are capped %s, and one that ends makes room', async (_, limits) => {
    await restart(limits)
    const [first, second] = [client(), client()]
    await Promise.all([first, second].map((made) => new Promise((resolve) => made.once('secureConnect', resolve))))
    await client().ended
    expect(await refusedFor('too_many_connections')).toBe(1)
    first.destroy()
    await until(async () => (await node.door.node.metrics.exchangeConnections.get()).values[0]?.value === 1)
    expect(await say('token\n')).toContain('for token')
  })

  it('that were refused do not stay open for a client that does not close', async () => {
    await restart({ sendTimeMs: 150 })
    const made = client({ allowHalfOpen: true })
    made.write('wrong\n')
    await until(() => made.text().includes('GATEHOUSE/1 404 '))
    await until(async () => (await node.door.node.metrics.exchangeConnections.get()).values[0]?.value === 0)
  })
})

describe('an answer', () => {
  it('is a status line with a header, then the data', async () => {
    expect(await say('token\r\n')).toBe('GATEHOUSE/1 200 {"kind":"note"}\nfor token')
    await until(() => sent.length === 1)
    expect(sent).toEqual([{ complete: true, bytes: 9 }])
    expect(knocks).toMatchObject([{ channel: 'socket', source: '127.0.0.1', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) }])
    expect(knocks[0]).not.toHaveProperty('certificateThumbprint')
  })

  it('of a refusal is a problem, and nothing was delivered', async () => {
    const [, status, json] = /^GATEHOUSE\/1 (\d+) (.*)\n$/.exec(await say('wrong\n')) ?? []
    expect(status).toBe('404')
    expect(JSON.parse(json ?? '')).toMatchObject({ type: '/problems/door/not-found', instance: expect.stringMatching(/^urn:trace:/) })
    expect(sent).toEqual([])
  })

  it('is given to the first line only', async () => {
    expect(await say('first\nsecond\n')).toContain('for first')
    expect(knocks).toHaveLength(1)
  })

  it('is given with the thumbprint of the certificate that the client proved', async () => {
    const own = await makeCertificate([], Date.now(), 'partner')
    await say('token\n', { cert: own.cert, key: own.key })
    const der = Buffer.from(own.cert.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    expect(knocks[0]?.certificateThumbprint).toBe(createHash('sha256').update(der).digest('base64url'))
  })
})

describe('is not counted as delivered', () => {
  it('to a client that left before the answer', async () => {
    let answer: (value: unknown) => void = () => {}
    gate = new Promise((resolve) => {
      answer = resolve
    })
    const made = client()
    made.write('token\n')
    await until(() => knocks.length === 1)
    made.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    answer(undefined)
    await until(() => sent.length === 1)
    expect(sent).toEqual([{ complete: false, bytes: 0 }])
  })

  it('to a client that does not read within the time', async () => {
    await restart({ sendTimeMs: 200 })
    const made = client()
    made.pause()
    made.removeAllListeners('data')
    made.write('large\n')
    await until(() => sent.length === 1)
    expect(sent).toEqual([{ complete: false, bytes: 0 }])
  })
})

it('closing lets an answer under way reach its client', async () => {
  let answer: (value: unknown) => void = () => {}
  gate = new Promise((resolve) => {
    answer = resolve
  })
  const made = client()
  made.write('token\n')
  await until(() => knocks.length === 1)
  const closing = socket.close(2_000)
  answer(undefined)
  await Promise.all([closing, made.ended])
  expect(made.text()).toContain('for token')
})
