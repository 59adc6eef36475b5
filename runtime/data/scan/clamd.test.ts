import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openEgress } from '../egress.ts'
import { clamdScanner } from './clamd.ts'
import { ScanError } from './scanner.ts'
import { clamdProgram, eicar, type RunningClamd, startClamd } from './testing/clamd.ts'

const egress = openEgress({ allow: [] })
afterAll(() => egress.close())

async function* pieces(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part
}

describe(`ClamAV (${clamdProgram})`, () => {
  let clamd: RunningClamd
  beforeAll(async () => {
    clamd = await startClamd()
  })
  afterAll(() => clamd.stop())
  const scan = (...parts: (string | Uint8Array)[]) => clamdScanner(egress, clamd.place).scan(pieces(...parts))

  it('finds what it has a signature for, in one piece and in many', async () => {
    const found = { verdict: 'infected', signature: 'Eicar-Test-File.UNOFFICIAL' }
    expect(await scan(eicar)).toEqual(found)
    expect(await scan(...eicar)).toEqual(found)
    expect(await scan('', eicar.slice(0, 30), new Uint8Array(0), eicar.slice(30))).toEqual(found)
  })

  it('finds nothing in other files, an empty one and one of megabytes among them', async () => {
    expect(await scan('a letter')).toEqual({ verdict: 'clean' })
    expect(await scan()).toEqual({ verdict: 'clean' })
    expect(await scan(...Array.from({ length: 64 }, () => new Uint8Array(65_536).fill(1)))).toEqual({ verdict: 'clean' })
  })

  it('passes on what breaks the file', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new RangeError('the object is gone')
    }
    await expect(clamdScanner(egress, clamd.place).scan(broken())).rejects.toThrow('the object is gone')
  })

  if (clamdProgram === 'clamd itself') {
    it('says so when a file is larger than it takes', async () => {
      const large = Array.from({ length: 160 }, () => new Uint8Array(65_536).fill(1))
      await expect(scan(...large)).rejects.toThrow(/larger than clamd takes|without a verdict|EPIPE|ECONNRESET/)
    })
  }
})

describe('a scanner that gives no verdict', () => {
  let server: Server | undefined
  let folder: string | undefined
  afterEach(async () => {
    server?.close()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  const saying = async (answer: (socket: Socket) => void) => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-scan-'))
    const path = join(folder, 's')
    server = createServer((socket) => {
      socket.on('error', () => {})
      socket.resume()
      answer(socket)
    })
    await new Promise<void>((resolve) => server?.listen(path, resolve))
    return clamdScanner(egress, { path }).scan(pieces('a', 'b'))
  }

  it.each([
    ['nothing', ''],
    ['an error', 'stream: Can’t allocate memory ERROR\0'],
    ['clean with more behind', 'stream: OK, or so\0'],
    ['clean about something else', '/etc/passwd: OK\0'],
    ['a verdict that never ends', 'stream: OK'],
    ['a signature of several lines', 'stream: a\nb FOUND\0'],
    ['a limit', 'INSTREAM size limit exceeded. ERROR\0'],
    ['text without end', 'x'.repeat(5_000)],
  ])('is no clean file: %s', async (_, answer) => {
    await expect(saying((socket) => socket.end(answer))).rejects.toThrow(ScanError)
  })

  it('because it is not there', async () => {
    await expect(clamdScanner(egress, { path: '/nowhere/clamd.sock' }).scan(pieces('x'))).rejects.toThrow('clamd could not be reached (ENOENT)')
  })
})
