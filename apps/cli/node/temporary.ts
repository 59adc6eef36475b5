/** A node for the length of one command: its own home, its own free ports, removed without a trace afterwards. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Connection, findNode } from './connection.ts'
import { programOf, root } from './programs.ts'

export interface TemporaryNode {
  readonly connection: Connection
  /** Stops the node and removes its home. May be called twice. */
  stop(): Promise<void>
}

const startLimitMs = 180_000
const stopLimitMs = 20_000

/**
 * @param onProgress is told each step of the start
 * @param settings of its own, as the environment names them
 */
export async function startTemporaryNode(
  onProgress: (step: string) => void,
  signal: AbortSignal,
  settings: Readonly<Record<string, string>> = {},
): Promise<TemporaryNode> {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-demo-'))
  const [port, exchangePort] = await freePorts()
  const child = spawn(process.execPath, programOf('server'), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...withoutSettings(process.env),
      GATEHOUSE_HOME: home,
      GATEHOUSE_PORT: String(port),
      GATEHOUSE_EXCHANGE_PORT: String(exchangePort),
      GATEHOUSE_LOG_LEVEL: process.env.GATEHOUSE_LOG_LEVEL ?? 'warn',
      ...settings,
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
      const step = /^\s*… (.+)$/m.exec(text)?.[1]
      if (step !== undefined) onProgress(step)
    })
  }
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= end(child).then(() => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
    return stopped
  }
  try {
    return { connection: await answering(child, home, signal), stop }
  } catch (cause) {
    await stop()
    throw signal.aborted ? cause : new Error(`The temporary node did not start.\n${said.trim()}`, { cause })
  }
}

/** Settings of this shell are meant for the node that stays, and its database above all. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(GATEHOUSE_|OTEL_|DATABASE_URL$)/.test(name)))
}

async function answering(child: ChildProcess, home: string, signal: AbortSignal): Promise<Connection> {
  const deadline = Date.now() + startLimitMs
  while (Date.now() < deadline) {
    signal.throwIfAborted()
    if (child.exitCode !== null) throw new Error(`it ended with status ${child.exitCode}`)
    const found = await findNode(home)
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  throw new Error(`it did not answer within ${startLimitMs / 1000} s`)
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const late = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
    child.once('exit', () => {
      clearTimeout(late)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

/** Both are held open until both are known, so that they differ. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            resolve(typeof address === 'object' && address !== null ? address.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return [ports[0] ?? 0, ports[1] ?? 0]
}
