/** Starts real nodes as real processes on free ports, each with a home of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type GatehouseClient } from '@gatehouse/sdk/client'
import { migratedDatabase } from './database.ts'
import { programOf } from './program.ts'

export const root = join(import.meta.dirname, '../..')

export interface Credential {
  readonly origin: string
  readonly exchange: { readonly host: string; readonly port: number; readonly fingerprint: string }
  readonly key: string
}

export interface NodeProcess {
  readonly origin: string
  readonly home: string
  readonly exchangePort: number
  /** The address at which the first administrator signs in, while there is none. */
  readonly firstRunUrl: string | undefined
  readonly credential: Credential
  /** A client of the node's operator. */
  readonly operator: GatehouseClient
  readonly process: ChildProcess
  /** Everything the process has printed. */
  output(): string
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>
  /** kill -9. */
  kill(): Promise<void>
  /** Stops the node and removes its home. */
  remove(): Promise<void>
}

export interface StartOptions {
  /** A home to start again in; without it a fresh one. */
  readonly home?: string
  readonly environment?: Readonly<Record<string, string>>
  /** How long it may take to come up. */
  readonly limitMs?: number
}

/**
 * A node for a test that is not about its database: one in the cluster of the test run, where a PostgreSQL of its own would have to be made,
 * started and ended. It is started once, and gone when it is removed.
 */
export async function startInCluster(options: Pick<StartOptions, 'environment'> = {}): Promise<NodeProcess> {
  const database = await migratedDatabase()
  const node = await startNode({ environment: { ...options.environment, DATABASE_URL: database.url } })
  return {
    ...node,
    async remove() {
      await node.remove()
      await database.drop()
    },
  }
}

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowestPort, highestPort)
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
}

/** Below those that the system gives to outgoing connections: one of them could take a port between this answer and its use. */
const [lowestPort, highestPort] = [20_000, 32_000]

const startMs = 60_000

export function newHome(): Promise<string> {
  return mkdtemp(join(process.env.GATEHOUSE_TEST_FOLDER ?? tmpdir(), 'gatehouse-node-'))
}

/**
 * A home for a further process of the same node. Processes that share a database share the folder of the root key and the epoch
 * keys as well, and nothing else: an institution's epochs begin while they run.
 */
export async function homeBeside(node: Pick<NodeProcess, 'home'>): Promise<string> {
  const home = await newHome()
  await symlink(join(node.home, 'keys'), join(home, 'keys'))
  return home
}

export async function startNode({ home, environment = {}, limitMs = startMs }: StartOptions = {}): Promise<NodeProcess> {
  const place = home ?? (await newHome())
  const [port, exchangePort] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, programOf('server'), {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      GATEHOUSE_HOME: place,
      GATEHOUSE_PORT: String(port),
      GATEHOUSE_EXCHANGE_PORT: String(exchangePort),
      GATEHOUSE_RATE_LIMITS: 'false',
      // Several nodes share the connections of one cluster.
      GATEHOUSE_POOL_SIZE: '10',
      // Flows that are not about signing in go on with a password; `test/e2e/portal/factors.test.ts` has the default.
      GATEHOUSE_SECOND_FACTOR: 'nobody',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`the node ended with ${child.exitCode}:\n${text}`)
      return text.includes('Gatehouse is up')
    },
    limitMs,
    () => `the node did not come up:\n${text}`,
  )
  const credential = readCredential(place)
  const origin = credential.origin === '' ? `http://127.0.0.1:${environment.GATEHOUSE_PORT ?? port}` : credential.origin
  return {
    origin,
    home: place,
    exchangePort: Number(environment.GATEHOUSE_EXCHANGE_PORT ?? exchangePort),
    firstRunUrl: /\S+\/first-run#\S+/.exec(text)?.[0],
    credential,
    operator: createClient({ origin, key: credential.key }),
    process: child,
    output: () => text,
    async stop() {
      child.kill('SIGINT')
      return ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async remove() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      await ended
      await rm(place, { recursive: true, force: true })
    },
  }
}

function readCredential(home: string): Credential {
  const path = join(home, 'credential.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Credential) : { origin: '', exchange: { host: '', port: 0, fingerprint: '' }, key: '' }
}

/** Waits for something to become true; a test never sleeps for a fixed time. */
export async function until(
  ready: () => boolean | Promise<boolean>,
  limitMs = 10_000,
  message: () => string = () => 'it did not become true in time',
): Promise<void> {
  const end = performance.now() + limitMs
  while (performance.now() < end) {
    if (await ready()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(message())
}
