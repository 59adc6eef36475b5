/**
 * A real clamd with one signature of our own (the EICAR test file), where Debian's clamav-daemon is installed; elsewhere a server that
 * speaks its protocol and knows the same one file. Which of them answered stands in the name of the tests.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const program = ['/usr/sbin/clamd', '/usr/local/sbin/clamd', '/opt/homebrew/sbin/clamd'].find(existsSync)
export const clamdProgram = program === undefined ? 'a server that speaks its protocol, for clamd is not installed' : 'clamd itself'

/** Harmless, and taken for malicious by every scanner by agreement (eicar.org). In two halves, so that no scanner takes this source for it. */
export const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR' + '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'

export interface RunningClamd {
  readonly place: { readonly path: string }
  stop(): Promise<void>
}

/** @param streamMax the largest file that clamd takes, in its own words */
export async function startClamd(streamMax = '8M'): Promise<RunningClamd> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-clamd-'))
  const path = join(directory, 'clamd.sock')
  const stop = program === undefined ? await startSpeaker(path) : await startProgram(program, directory, path, streamMax)
  return {
    place: { path },
    async stop() {
      await stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function startProgram(clamd: string, directory: string, path: string, streamMax: string): Promise<() => Promise<void>> {
  await chmod(directory, 0o755)
  const md5 = createHash('md5').update(eicar).digest('hex')
  await writeFile(join(directory, 'test.hdb'), `${md5}:${eicar.length}:Eicar-Test-File\n`)
  const settings = [`DatabaseDirectory ${directory}`, `LocalSocket ${path}`, 'Foreground yes', `StreamMaxLength ${streamMax}`, 'User root']
  await writeFile(join(directory, 'clamd.conf'), `${settings.filter((line) => process.getuid?.() === 0 || !line.startsWith('User')).join('\n')}\n`)
  const child = spawn(clamd, ['--config-file', join(directory, 'clamd.conf')], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (let attempt = 0; attempt < 200 && !existsSync(path); attempt++) await sleep(100)
  return async () => {
    child.kill('SIGTERM')
    await ended
  }
}

async function startSpeaker(path: string): Promise<() => Promise<void>> {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece])
      const file = streamed(received)
      if (file === undefined) return
      socket.end(`stream: ${file.toString('latin1') === eicar ? 'Eicar-Test-File.UNOFFICIAL FOUND' : 'OK'}\0`)
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return async () => {
    await new Promise((resolve) => server.close(resolve))
  }
}

/** What came by INSTREAM once its end came; `undefined` before. */
function streamed(received: Buffer): Buffer | undefined {
  const command = 'zINSTREAM\0'
  if (received.subarray(0, command.length).toString('latin1') !== command) return undefined
  const pieces: Buffer[] = []
  for (let at = command.length; at + 4 <= received.length; ) {
    const length = received.readUInt32BE(at)
    if (length === 0) return Buffer.concat(pieces)
    pieces.push(received.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return undefined
}
