/** Over real sockets: what becomes of an open stream when its follower would no longer be let in. */
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import type { Principal } from '../base/context.ts'
import { type Knock, operation } from '../door/operation.ts'
import { type TestNode, testNode } from '../door/testing/node.ts'
import { noteModule } from '../door/testing/note.ts'
import { followUps } from './follow-up.ts'
import { openHttp, sessionCookie } from './http.ts'

let node: TestNode
let apps: FastifyInstance[]
/** Sessions that hold, as the database would say to every process. */
let holding: Set<string>
let looks: number
let away: boolean
let returned: number

const watch = operation({
  kind: 'steps' as const,
  name: 'note.watch',
  summary: 'Watch',
  input: z.strictObject({ busy: z.string().optional() }),
  output: z.unknown(),
  answers: 'events' as const,
  access: { action: 'read', on: () => ({ type: 'note' }) },
  audit: { none: 'a test keeps nothing' },
  http: { method: 'GET', path: '/v1/events' },
  run: async (_ctx, { busy }) => ({
    [Symbol.asyncIterator]: () => ({
      next: () =>
        busy === undefined
          ? new Promise(() => {})
          : Promise.resolve({ done: false as const, value: [{ id: '1', type: 'note', data: '"'.padEnd(60_000, 'x') }] }),
      return: async () => {
        returned++
        return { done: true as const, value: undefined }
      },
    }),
  }),
})

const sessionOf = ({ sessionToken }: Knock): Principal | undefined =>
  sessionToken !== undefined && holding.has(sessionToken) ? node.principal({ session: sessionToken }) : undefined

beforeEach(async () => {
  ;[holding, looks, away, returned] = [new Set(['one', 'two']), 0, false, 0]
  node = await testNode({
    modules: [noteModule(watch)],
    plugs: {
      authenticate: async (_node, knock) => sessionOf(knock),
      stillHold: async (_node, _tenant, principals) => {
        looks++
        if (away) throw new Error('the database is away')
        return principals.map(({ session }) => holding.has(session ?? ''))
      },
    },
  })
  const options = { door: node.door, operations: [watch], rateLimits: false, ready: async () => true, followUps: followUps(node.door) }
  apps = [await openHttp(options), await openHttp(options)]
  await Promise.all(apps.map((app) => app.listen({ host: '127.0.0.1', port: 0 })))
})
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()))
  await node.close()
})

interface Following {
  readonly status: number | undefined
  text(): string
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>
  readonly message: IncomingMessage
}
async function follow(session: string, place = 0, path = '/v1/events', read = true): Promise<Following> {
  const { port } = (apps[place] as FastifyInstance).server.address() as AddressInfo
  const message = await new Promise<IncomingMessage>((resolve, reject) =>
    request({ port, host: '127.0.0.1', path, headers: { cookie: `${sessionCookie}=${session}` }, agent: false }, resolve)
      .on('error', reject)
      .end(),
  )
  let text = ''
  const ended = new Promise<void>((resolve) => message.once('close', resolve))
  message.on('error', () => {})
  if (read) message.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-1_000)))
  return { status: message.statusCode, text: () => text, ended, message }
}
const within = async (ms: number, promise: Promise<unknown>) =>
  expect(await Promise.race([promise.then(() => 'ended'), new Promise((resolve) => setTimeout(resolve, ms, 'still open'))])).toBe('ended')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('ends within a second in every process, says why, and is not let in again; other sessions go on', async () => {
  const [here, there, other] = await Promise.all([follow('one', 0), follow('one', 1), follow('two', 0)])
  await pause(500)
  holding.delete('one')
  await within(1_000, Promise.all([here.ended, there.ended]))
  for (const { text } of [here, there]) expect(text()).toBe(': open\n\nevent: session-ended\ndata: {}\n\n')
  expect(here.message.complete).toBe(true)
  expect(returned).toBe(2)
  expect((await follow('one')).status).toBe(401)
  expect([other.message.closed, other.text()]).toEqual([false, ': open\n\n'])
  other.message.destroy()
})

it('ends though events never stop coming', async () => {
  const { ended, text } = await follow('one', 0, '/v1/events?busy=')
  await pause(100)
  holding.delete('one')
  await within(1_000, ended)
  expect(text()).toMatch(/\n\nevent: session-ended\ndata: {}\n\n$/)
})

it('is cut where the client does not read', async () => {
  const { message } = await follow('one', 0, '/v1/events?busy=', false)
  await pause(300)
  holding.delete('one')
  const { socket } = message
  await within(
    1_000,
    (async () => {
      while (returned === 0) await pause(10)
    })(),
  )
  message.resume()
  await within(1_000, new Promise((resolve) => (socket.destroyed ? resolve(undefined) : socket.once('close', resolve))))
})

it('costs one look per turn, however many follow, and none when nobody does', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => follow('one')))
  looks = 0
  await pause(1_300)
  expect(looks).toBeGreaterThanOrEqual(2)
  expect(looks).toBeLessThanOrEqual(4)
  for (const { message } of all) message.destroy()
  await pause(600)
  looks = 0
  await pause(900)
  expect(looks).toBe(0)
})

it('goes on while the database is away, and ends when it is back', async () => {
  away = true
  const { ended, message } = await follow('one')
  await pause(1_000)
  expect(message.closed).toBe(false)
  holding.delete('one')
  away = false
  await within(1_000, ended)
})
