import { createServer, connect as netConnect, type Socket } from 'node:net'
import { PassThrough, type Readable } from 'node:stream'
import type pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { copyOut } from './copy-out.ts'
import { Intake } from './intake.ts'

const message = (mark: string, body: Uint8Array | string = '') => {
  const head = Buffer.from(`${mark}\0\0\0\0`)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, Buffer.from(body)])
}
/** What a server sends: the answer to COPY, rows of many lengths, a notice between them, and the end. */
const rows = Array.from({ length: 60 }, (_, row) => message('d', 'r'.repeat(row * row)))
const copied = Buffer.concat([message('H', '\0\0\0'), ...rows.slice(0, 30), message('N', 'notice'), ...rows.slice(30), message('c')])
const after = Buffer.concat([message('C', 'COPY 60\0'), message('Z', 'T')])

/** As `pg` speaks: it hears its stream's data, and ends what was asked when the server is ready again. */
function clientOn(stream: Readable): { client: pg.Client; heard: Buffer[] } {
  const heard: Buffer[] = []
  let asked: { submit(connection: unknown): void; handleReadyForQuery(): void } | undefined
  stream.on('data', (bytes: Buffer) => {
    heard.push(bytes)
    if (Buffer.concat(heard).includes(message('Z', 'T'))) asked?.handleReadyForQuery()
  })
  const query = (submittable: NonNullable<typeof asked>) => {
    asked = submittable
    submittable.submit({ stream, query() {} })
  }
  return { client: { query } as unknown as pg.Client, heard }
}

async function taken(client: pg.Client): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const _ of copyOut(client, 'COPY', (bytes) => void pieces.push(Buffer.from(bytes)))) {
    // Each piece was kept.
  }
  return Buffer.concat(pieces)
}

describe('COPY over a stream', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 64, 1_000, 100_000])('gives whole messages and the rest back to the client, in pieces of %i bytes', async (size) => {
    const stream = new PassThrough()
    const { client, heard } = clientOn(stream)
    const taking = taken(client)
    const all = Buffer.concat([copied, after])
    for (let from = 0; from < all.length; from += size) stream.write(all.subarray(from, from + size))
    expect((await taking).equals(copied)).toBe(true)
    expect(Buffer.concat(heard).equals(after)).toBe(true)
  })

  it('never gives a part of a message', async () => {
    const stream = new PassThrough()
    const { client } = clientOn(stream)
    const ends: number[] = []
    const taking = (async () => {
      for await (const _ of copyOut(client, 'COPY', (bytes) => {
        let at = 0
        while (at < bytes.length) at += 1 + bytes.readInt32BE(at + 1)
        ends.push(at - bytes.length)
      })) {
        // Only looked at.
      }
    })()
    for (let from = 0; from < copied.length; from += 37) stream.write(copied.subarray(from, from + 37))
    stream.write(after)
    await taking
    expect(new Set(ends)).toEqual(new Set([0]))
  })

  it.each([
    ['a message shorter than its own length', Buffer.from([0x64, 0, 0, 0, 3, 0]), 'does not send messages as PostgreSQL does'],
    ['a message of negative length', Buffer.from([0x64, 0xff, 0xff, 0xff, 0xff, 0]), 'does not send messages as PostgreSQL does'],
    ['a row beyond what is kept of one', Buffer.from([0x64, 0x7f, 0xff, 0xff, 0xff, 0]), 'leave out the column that is so long'],
  ])('ends at %s, and takes nothing more', async (_, bytes, said) => {
    const stream = new PassThrough()
    const { client } = clientOn(stream)
    const taking = taken(client)
    stream.write(Buffer.concat([...rows.slice(0, 3), bytes]))
    stream.write(bytes)
    await expect(taking).rejects.toThrow(said)
  })

  it('ends with what the taker throws', async () => {
    const stream = new PassThrough()
    const { client } = clientOn(stream)
    const taking = (async () => {
      for await (const _ of copyOut(client, 'COPY', () => {
        throw new Error('no room')
      })) {
        // Nothing comes.
      }
    })()
    stream.write(copied)
    await expect(taking).rejects.toThrow('no room')
  })
})

describe('COPY over a socket that reads into one buffer', () => {
  const opened: Socket[] = []
  const server = createServer((socket) => {
    opened.push(socket)
    socket.on('error', () => {})
  })
  afterAll(() => {
    for (const socket of opened) socket.destroy()
    server.close()
  })

  async function connected(): Promise<{ near: Socket; far: Socket }> {
    if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const intake = new Intake()
    const { port } = server.address() as { port: number }
    const arrived = new Promise<Socket>((resolve) => server.once('connection', resolve))
    const near = netConnect({ host: '127.0.0.1', port, onread: intake.onread })
    intake.serve(near)
    opened.push(near)
    return { near, far: await arrived }
  }

  it('hands to the client what comes before and after', async () => {
    const { near, far } = await connected()
    const { client, heard } = clientOn(near)
    const before = message('S', 'before')
    far.write(before)
    while (heard.length === 0) await new Promise((resolve) => near.once('data', resolve))
    const taking = taken(client)
    const many = Array.from({ length: 200 }, () => copied.subarray(0, -5))
    for (const each of many) far.write(each)
    far.write(Buffer.concat([message('c'), after]))
    expect((await taking).equals(Buffer.concat([...many, message('c')]))).toBe(true)
    expect(Buffer.concat(heard).equals(Buffer.concat([before, after]))).toBe(true)
    const answer = new Promise<Buffer>((resolve) => near.once('data', resolve))
    far.write(message('S', 'later'))
    expect((await answer).equals(message('S', 'later'))).toBe(true)
  })

  it('leaves the server waiting while nobody comes back for more', async () => {
    const { near, far } = await connected()
    const { client } = clientOn(near)
    let size = 0
    const reading = copyOut(client, 'COPY', (bytes) => {
      size += bytes.length
    })
    const row = message('d', 'x'.repeat(1_000_000))
    const first = reading.next()
    for (let sent = 0; sent < 64; sent++) far.write(row)
    await first
    while (far.writableLength > 0 && !near.isPaused()) await new Promise((resolve) => setImmediate(resolve))
    expect(near.isPaused()).toBe(true)
    const then = size
    await new Promise((resolve) => setImmediate(resolve))
    expect(size).toBe(then)
    expect(far.writableLength).toBeGreaterThan(0)
    far.write(Buffer.concat([message('c'), after]))
    for await (const _ of reading) {
      // All of it comes, once somebody reads.
    }
    expect(size).toBe(64 * row.length + 5)
  })
})
