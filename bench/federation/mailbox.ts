/**
 * A coordinator in a process of its own and a hundred nodes that leave and take messages there: how many a second, what it holds while more and
 * more pass, and what a node costs that a timer wakes for nothing.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { generateKeyPairSync, type KeyObject, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { digestOf, exchangePath, fingerprintOf, registerPath, signCard, signRequest } from '@gatehouse/modules/exchange/coordinator/index'
import { freePort } from '@gatehouse/runtime/base/testing/free-port'
import { createClient, must } from '@gatehouse/sdk/client'
import { type Check, median } from '../report.ts'

const root = join(import.meta.dirname, '../..')
const server = join(root, 'apps/server/dist/main.js')
const run = promisify(execFile)
const nodes = 100
const perRequest = 10
const sealedBytes = 3_000
/** Messages that pass before memory is looked at: all caches are as full as they get. */
const warmUp = 3_000
const sizes = [5_000, 10_000, 20_000]
const wakes = 3

interface Node {
  readonly name: string
  readonly key: KeyObject
  taken: { id: string; from: string }[]
}

interface Started {
  readonly child: ChildProcess
  readonly origin: string
  readonly environment: Record<string, string>
  stop(): Promise<void>
}

/** Asked over a channel what it holds: see `memory-asked.mjs`. */
const askable = ['--expose-gc', '--import', join(import.meta.dirname, 'memory-asked.mjs')]

async function start(home: string, settings: Record<string, string>, flags: readonly string[] = []): Promise<Started> {
  const [port, exchange] = [await freePort(), await freePort()]
  const environment = {
    PATH: process.env.PATH ?? '',
    GATEHOUSE_HOME: home,
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_EXCHANGE_PORT: String(exchange),
    GATEHOUSE_LOG_LEVEL: 'warn',
    GATEHOUSE_RATE_LIMITS: 'false',
    GATEHOUSE_SECOND_FACTOR: 'nobody',
    ...settings,
  }
  const child = spawn(process.execPath, [...flags, server], { env: environment, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  for (let waited = 0; !said.includes('Gatehouse is up'); waited++) {
    if (child.exitCode !== null || waited > 1_200) throw new Error(`the process did not come up:\n${said}`)
    await pause(100)
  }
  return {
    child,
    origin: `http://127.0.0.1:${port}`,
    environment,
    async stop() {
      child.kill('SIGINT')
      await ended
    },
  }
}

const operatorOf = (home: string, origin: string) => {
  const { key } = JSON.parse(readFileSync(join(home, 'credential.json'), 'utf8')) as { key: string }
  return createClient({ origin, key })
}

/**
 * Megabytes that the process holds once what nobody holds is swept out: how much garbage lies there when the last message was taken is
 * chance, and what is kept of messages stays. The least of some looks, for other work goes on. What PostgreSQL holds is its own.
 */
async function heldMiB(child: ChildProcess): Promise<{ readonly held: number; readonly resident: number }> {
  const looks = []
  for (let look = 0; look < 5; look++) {
    const answered = once(child, 'message')
    child.send('memory')
    const [{ heapUsed, external, rss }] = (await answered) as [NodeJS.MemoryUsage]
    looks.push({ held: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 })
    await pause(1_000)
  }
  return { held: Math.min(...looks.map(({ held }) => held)), resident: Math.min(...looks.map(({ resident }) => resident)) }
}

async function enrol(origin: string, home: string): Promise<Node[]> {
  const operator = operatorOf(home, origin)
  const made: Node[] = []
  for (let index = 0; index < nodes; index++) {
    const name = `node-${index}`
    const [signing, sealing] = [generateKeyPairSync('ed25519'), generateKeyPairSync('x25519')]
    const xOf = (key: KeyObject) => key.export({ format: 'jwk' }).x ?? ''
    const [signingJwk, sealingJwk] = [
      { kty: 'OKP', crv: 'Ed25519', x: xOf(signing.publicKey) } as const,
      { kty: 'OKP', crv: 'X25519', x: xOf(sealing.publicKey) } as const,
    ]
    const card = {
      name,
      title: name,
      generation: 1,
      signing: signingJwk,
      sealing: sealingJwk,
      versions: [1],
      mailbox: origin,
      valid_from: new Date().toISOString() as never,
    }
    const body = JSON.stringify({ card: await signCard(card, [{ key: signing.privateKey, jwk: signingJwk }]) })
    await fetch(`${origin}${registerPath}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    must(await operator.POST('/v1/coordinator/nodes/{node}/admit', { params: { path: { node: name } }, body: { fingerprint: fingerprintOf(card) } }))
    made.push({ name, key: signing.privateKey, taken: [] })
  }
  return made
}

/** One request as a node makes it: what it leaves, what it has taken, and what comes. */
async function exchange(origin: string, node: Node, all: readonly Node[], leaving: number): Promise<number> {
  const expires_at = new Date(Date.now() + 86_400_000).toISOString()
  const leave = Array.from({ length: leaving }, () => ({
    id: randomUUID(),
    to: all[randomInt(all.length)]?.name,
    expires_at,
    sealed: randomBytes(sealedBytes).toString('base64url'),
  }))
  const body = Buffer.from(JSON.stringify({ leave, taken: node.taken }))
  const url = `${origin}${exchangePath}`
  const headers = signRequest({ method: 'POST', url, digest: digestOf(body) }, node.name, node.key, Date.now())
  const answer = await fetch(url, { method: 'POST', body, headers: { ...headers, 'content-type': 'application/octet-stream' } })
  if (answer.status !== 200) throw new Error(`the coordinator answered ${answer.status}: ${await answer.text()}`)
  const { waiting, left } = (await answer.json()) as { waiting: { id: string; from: string }[]; left: { answer: string }[] }
  if (left.some((one) => one.answer !== 'kept')) throw new Error('a message was not kept')
  node.taken = waiting.map(({ id, from }) => ({ id, from }))
  return waiting.length
}

/** Until so many were left and all of them taken. @returns seconds */
async function pass(origin: string, all: readonly Node[], messages: number): Promise<number> {
  const begin = performance.now()
  let [left, came] = [0, 0]
  await Promise.all(
    all.map(async (node) => {
      while (came < messages) {
        const leaving = Math.min(perRequest, messages - left)
        left += leaving
        // Not `came += await …`, which reads before it waits.
        const more = await exchange(origin, node, all, leaving)
        came += more
      }
    }),
  )
  for (const node of all) if (node.taken.length > 0) await exchange(origin, node, all, 0)
  return (performance.now() - begin) / 1000
}

/** A node with a name and a peerless mailbox, woken again and again for nothing. Seconds of CPU with everything that it starts. */
async function idleWakes(origin: string, home: string): Promise<{ wall: number; cpu: number }> {
  const sleeper = await mkdtemp(join(tmpdir(), 'gatehouse-bench-sleeper-'))
  try {
    const node = await start(sleeper, { GATEHOUSE_EGRESS_ALLOW: '127.0.0.1' })
    const own = operatorOf(sleeper, node.origin)
    const { fingerprint } = must(await own.POST('/v1/mesh/identity', { body: { name: 'sleeper', title: 'Sleeper', mailbox: origin } }))
    must(await own.POST('/v1/mesh/visit'))
    must(await operatorOf(home, origin).POST('/v1/coordinator/nodes/{node}/admit', { params: { path: { node: 'sleeper' } }, body: { fingerprint } }))
    await node.stop()
    const measured = []
    for (let turn = 0; turn < wakes; turn++) {
      const timed = `TIMEFORMAT='%R %U %S'; time ${process.execPath} ${server} --once >/dev/null`
      const { stderr } = await run('bash', ['-c', timed], { env: node.environment, timeout: 120_000 })
      const [wall = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
      measured.push({ wall, cpu: user + system })
    }
    return { wall: median(measured.map((one) => one.wall)), cpu: median(measured.map((one) => one.cpu)) }
  } finally {
    await rm(sleeper, { recursive: true, force: true })
  }
}

export async function measureMailbox(): Promise<{ rows: Record<string, string | number>[]; checks: Check[] }> {
  if (!existsSync(server)) throw new Error('the coordinator runs as it is built: npm run build')
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-bench-coordinator-'))
  const coordinator = await start(home, { GATEHOUSE_ROLES: 'api,worker,coordinator' }, askable)
  try {
    const all = await enrol(coordinator.origin, home)
    await pass(coordinator.origin, all, warmUp)
    const rows: Record<string, string | number>[] = []
    const held: number[] = []
    const rates: number[] = []
    for (const size of sizes) {
      const seconds = await pass(coordinator.origin, all, size)
      const memory = await heldMiB(coordinator.child)
      held.push(memory.held)
      rates.push(size / seconds)
      rows.push({ figure: `${size} messages between ${nodes} nodes`, value: Math.round(size / seconds), unit: 'messages/s' })
      rows.push({ figure: `held by the coordinator after ${size} messages`, value: Number(memory.held.toFixed(1)), unit: 'MiB' })
      rows.push({ figure: `resident then, with what V8 keeps free`, value: Math.round(memory.resident), unit: 'MiB' })
    }
    const { wall, cpu } = await idleWakes(coordinator.origin, home)
    rows.push({ figure: 'an idle node woken once, wall', value: Number(wall.toFixed(2)), unit: 's' })
    rows.push({ figure: 'an idle node woken once, CPU with its database', value: Number(cpu.toFixed(2)), unit: 's' })
    const [first = 1] = held
    return {
      rows,
      checks: [
        { name: 'messages through the mailbox', value: Math.round(Math.min(...rates)), unit: 'messages/s', bound: { min: 500 } },
        {
          name: 'memory of the coordinator, after the most against after the fewest',
          value: Number(((held.at(-1) ?? 0) / first).toFixed(3)),
          unit: 'x',
          bound: { max: 1.1 },
        },
      ],
    }
  } finally {
    await coordinator.stop()
    await rm(home, { recursive: true, force: true })
  }
}
