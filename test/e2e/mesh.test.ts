/**
 * Two institutions in two processes: one keeps the mailbox itself, the other has no port that anybody reaches and sleeps. A timer would wake it;
 * here the command does.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort, type NodeProcess, newHome, root, startNode, until } from './node.ts'
import { programOf } from './program.ts'

const run = promisify(execFile)
let awake: NodeProcess
let sleeper: string
let project: string
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const sleeperPorts = { port: 0, exchange: 0 }

beforeAll(async () => {
  const port = await freePort()
  awake = await startNode({ environment: { GATEHOUSE_PORT: String(port), GATEHOUSE_ROLES: 'api,exchange,worker,coordinator' } })
  sleeper = await newHome()
  sleeperPorts.port = await freePort()
  sleeperPorts.exchange = await freePort()
})
afterAll(() => awake.remove())

const asleep = { GATEHOUSE_EGRESS_ALLOW: '127.0.0.1' }
interface Woken {
  readonly running: boolean
  readonly received: number
  readonly handled: number
  readonly acknowledged: number
  readonly left: number
  readonly errors: string[]
}
async function once(): Promise<Woken> {
  const { stdout } = await run(process.execPath, [...programOf('cli'), '--json', '--home', sleeper, 'node', '--once'], {
    cwd: root,
    env: { PATH: process.env.PATH, ...asleep, GATEHOUSE_PORT: String(sleeperPorts.port), GATEHOUSE_EXCHANGE_PORT: String(sleeperPorts.exchange) },
    timeout: 120_000,
  }).catch((error: { stdout?: string; stderr?: string }) => {
    if (error.stdout) return { stdout: error.stdout }
    throw new Error(error.stderr)
  })
  return JSON.parse(stdout) as Woken
}

it('a node that sleeps is woken, handles what came, answers, and sleeps again', async () => {
  const { origin, operator } = awake
  const host = must(await operator.POST('/v1/mesh/identity', { body: { name: 'lake', title: 'Lakeside', mailbox: origin } }))
  // Awake for a moment, to be introduced.
  const node = await startNode({ home: sleeper, environment: asleep })
  const guest = must(await node.operator.POST('/v1/mesh/identity', { body: { name: 'hill', title: 'Hillside', mailbox: null } }))
  must(await node.operator.POST('/v1/mesh/peers', { body: { card: host.card } }))
  must(await node.operator.POST('/v1/mesh/peers/{peer}/approve', { params: { path: { peer: 'lake' } }, body: { fingerprint: host.fingerprint } }))
  must(await operator.POST('/v1/mesh/peers', { body: { card: guest.card } }))
  must(await operator.POST('/v1/mesh/peers/{peer}/approve', { params: { path: { peer: 'hill' } }, body: { fingerprint: guest.fingerprint } }))
  const names = async () => must(await operator.GET('/v1/coordinator/nodes')).data.map(({ name }) => name)
  await until(
    async () => (await names()).length === 2,
    30_000,
    () => 'both did not register',
  )
  for (const { name, fingerprint } of [host, guest])
    must(await operator.POST('/v1/coordinator/nodes/{node}/admit', { params: { path: { node: name } }, body: { fingerprint } }))
  await node.stop()

  const terms = { title: 'Falls after surgery', purpose: 'dpv:ResearchAndDevelopment', starts_at: day(0), ends_at: day(30) }
  project = must(await operator.POST('/v1/projects', { body: terms })).id
  must(await operator.POST('/v1/mesh/projects', { body: { project, peers: ['hill'] } }))
  const sent = async () => must(await operator.GET('/v1/mesh/messages', { params: { query: { thread: `project ${project}` } } })).data[0]?.state
  await until(
    async () => (await sent()) === 'delivered',
    30_000,
    () => 'the invitation did not leave',
  )

  expect(await once()).toMatchObject({ running: false, received: 1, handled: 1, left: 1, errors: [] })
  await until(
    async () => (await sent()) === 'acknowledged',
    30_000,
    () => 'no answer came',
  )
  expect(await once()).toMatchObject({ received: 0, handled: 0, left: 0, errors: [] })
}, 180_000)
