import { execFile, spawn } from 'node:child_process'
import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Account } from './account.ts'
import { runAs } from './settings.ts'

const run = promisify(execFile)

const pollMs = 20
/** Crash recovery replays up to max_wal_size, so a start may rightly take a while. */
const startLimitMs = 120_000
const fastStopLimitMs = 15_000
const immediateStopLimitMs = 5_000
const orphanLimitMs = 10_000

export interface Postmaster {
  readonly pid: number
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>
}

export interface StartInput {
  readonly binDir: string
  readonly dataDir: string
  readonly logDir: string
  readonly account: Account | undefined
  /** Called once when the server ends though nobody asked it to. */
  readonly onLost?: ((reason: string) => void) | undefined
}

/** Line 1 of `postmaster.pid` is the process, line 8 its state (PostgreSQL source, pidfile.h). */
export function parsePidFile(text: string): { pid: number; ready: boolean } | undefined {
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined
}

async function readPidFile(dataDir: string): Promise<ReturnType<typeof parsePidFile>> {
  return parsePidFile(await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => ''))
}

/**
 * Starts the server and returns when it accepts connections. It gets a process group of its own: an interrupt typed in a
 * terminal reaches the node's whole group, and the database must outlive the requests the node still drains.
 */
export async function startPostmaster(input: StartInput): Promise<Postmaster> {
  await endLeftOver(input.dataDir)
  const deadline = Date.now() + orphanLimitMs
  for (;;) {
    const outcome = await attempt(input)
    if (typeof outcome !== 'string') return outcome
    // After a kill -9 of the postmaster its children may need a moment to notice and go.
    const orphans = /shared memory block|lock file .* already exists/.test(outcome)
    if (!orphans || Date.now() > deadline) throw new Error(`PostgreSQL did not start. The last lines of its log (${input.logDir}):\n${outcome}`)
    await sleep(200)
  }
}

/** One try: the running server, or the end of its log. */
async function attempt({ binDir, dataDir, logDir, account, onLost }: StartInput): Promise<Postmaster | string> {
  const startLog = await open(join(logDir, 'start.log'), 'w')
  const child = spawn(join(binDir, 'postgres'), ['-D', dataDir], { ...runAs(account), detached: true, stdio: ['ignore', startLog.fd, startLog.fd] })
  let stopping = false
  let ended: string | undefined
  const exit = new Promise<void>((resolve) => {
    const end = (reason: string) => {
      ended ??= reason
      resolve()
    }
    child.once('error', (error) => end(error.message))
    child.once('exit', (code, signal) => end(signal ? `ended by ${signal}` : `exit status ${code}`))
  })
  await startLog.close()
  child.unref()

  const deadline = Date.now() + startLimitMs
  while (ended === undefined && Date.now() < deadline) {
    const state = await readPidFile(dataDir)
    if (state && state.pid === child.pid && state.ready) {
      exit.then(() => stopping || onLost?.(`PostgreSQL ended though nobody stopped it (${ended}); its log lies in ${logDir}`))
      return {
        pid: state.pid,
        async stop() {
          stopping = true
          if (ended === undefined) await stopProcess(state.pid, dataDir, exit)
        },
      }
    }
    await Promise.race([sleep(pollMs), exit])
  }
  if (ended === undefined && child.pid) await stopProcess(child.pid, dataDir, exit)
  return `${await logTail(logDir)}\n${ended ?? `not ready after ${startLimitMs / 1000} s`}`
}

/**
 * A node killed with -9 leaves its server running. That server is stopped rather than taken over: sessions of the dead node
 * still hold their locks, and the settings may be an older version's.
 */
export async function endLeftOver(dataDir: string): Promise<void> {
  const state = await readPidFile(dataDir)
  if (!state || !isAlive(state.pid)) return // The server itself deals with the file of a dead process, and checks its shared memory.
  if (await isPostmasterOf(state.pid, dataDir)) await stopProcess(state.pid, dataDir)
  else await rm(join(dataDir, 'postmaster.pid'), { force: true }) // The number went to another program, as after a reboot.
}

async function stopProcess(pid: number, dataDir: string, exit?: Promise<void>): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGINT', fastStopLimitMs],
    ['SIGQUIT', immediateStopLimitMs],
    ['SIGKILL', immediateStopLimitMs],
  ] as const) {
    if (!send(pid, signal)) return
    const deadline = Date.now() + limitMs
    // Without a parent to reap it the ended process may stay as a zombie, so the file it removes last counts as well.
    while (Date.now() < deadline) {
      if (!isAlive(pid) || (!exit && (await readPidFile(dataDir)) === undefined)) return
      await (exit ? Promise.race([sleep(pollMs), exit]) : sleep(pollMs))
    }
  }
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const isAlive = (pid: number): boolean => send(pid, 0)

/** Whether that process is a server for this very directory: its command line names it, and everyone may read that. */
async function isPostmasterOf(pid: number, dataDir: string): Promise<boolean> {
  const command =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : await run('ps', ['-o', 'command=', '-p', String(pid)]).then(
          ({ stdout }) => stdout,
          () => '',
        )
  return command.includes(dataDir) && command.includes('postgres')
}

async function logTail(logDir: string): Promise<string> {
  const files = await Promise.all(
    (await readdir(logDir)).map(async (name) => {
      const path = join(logDir, name)
      const { mtimeMs, size } = await stat(path)
      return { path, mtimeMs, size }
    }),
  )
  const newest = files
    .filter(({ size }) => size > 0)
    .sort((left, right) => right.mtimeMs - left.mtimeMs)
    .slice(0, 2)
  const texts = await Promise.all(newest.map(({ path }) => readFile(path, 'utf8')))
  return texts.map((text) => text.trimEnd().split('\n').slice(-8).join('\n')).join('\n')
}
