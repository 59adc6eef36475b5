/**
 * Enough of SQL Server's protocol (MS-TDS 7.4, without TLS) to see the driver's side of it work: it signs people in, answers the statements
 * that a test foresees, sends rows while somebody takes them, and ends when it is told to. It understands no SQL.
 */

import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'

export interface TdsColumn {
  readonly name: string
  readonly type: 'nvarchar' | 'int' | 'float' | 'bit' | 'datetime2'
}

export interface TdsAnswer {
  readonly columns: readonly TdsColumn[]
  readonly rows: Iterable<readonly unknown[]>
}

export interface TdsServer {
  readonly port: number
  /** The statements that were asked, in order. */
  readonly asked: string[]
  close(): Promise<void>
}

/** @param answer an error's number, or rows; nothing answers where it gives `undefined` */
export async function tdsServer(password: string, answer: (statement: string) => TdsAnswer | number | undefined): Promise<TdsServer> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
    serve(socket, password, (statement) => {
      asked.push(statement)
      return answer(statement)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const packet = { batch: 0x01, rpc: 0x03, answer: 0x04, attention: 0x06, login: 0x10, prelogin: 0x12 } as const

function serve(socket: Socket, password: string, answer: (statement: string) => TdsAnswer | number | undefined): void {
  let waiting = Buffer.alloc(0)
  let message = Buffer.alloc(0)
  let stopped = false
  socket.on('data', (bytes) => {
    waiting = Buffer.concat([waiting, bytes])
    while (waiting.length >= 8 && waiting.length >= waiting.readUInt16BE(2)) {
      const [type, status, length] = [waiting[0], waiting[1] ?? 0, waiting.readUInt16BE(2)]
      message = Buffer.concat([message, waiting.subarray(8, length)])
      waiting = waiting.subarray(length)
      if ((status & 1) === 0) continue
      const whole = message
      message = Buffer.alloc(0)
      void on(type ?? 0, whole)
    }
  })
  async function on(type: number, body: Buffer): Promise<void> {
    if (type === packet.prelogin) return send(Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2]))
    if (type === packet.login) return send(isPassword(body, password) ? Buffer.concat([loginAck(), done()]) : Buffer.concat([errorToken(18_456), done(2)]))
    if (type === packet.attention) {
      stopped = true
      return send(done(0x20))
    }
    if (type === packet.batch) return send(done())
    const found = answer(statementOf(body))
    if (found === undefined) return
    if (typeof found === 'number') return send(Buffer.concat([errorToken(found), done(2)]))
    stopped = false
    await sendRows(found)
  }
  async function sendRows({ columns, rows }: TdsAnswer): Promise<void> {
    let part = [columnsToken(columns)]
    for (const row of rows) {
      part.push(Buffer.from([0xd1]), ...columns.map(({ type }, at) => cell(type, row[at])))
      if (part.length < 500) continue
      if (stopped || socket.destroyed) return
      if (!socket.write(packed(Buffer.concat(part), false))) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve))
      part = []
    }
    send(Buffer.concat([...part, done()]))
  }
  const send = (body: Buffer) => void socket.write(packed(body, true))
}

const payloadMax = 4_096 - 8

/** In packets of the size that both sides begin with. */
function packed(body: Buffer, last: boolean): Buffer {
  const parts: Buffer[] = []
  for (let from = 0; from < body.length; from += payloadMax) {
    const part = body.subarray(from, from + payloadMax)
    const header = Buffer.from([packet.answer, last && from + payloadMax >= body.length ? 1 : 0, 0, 0, 0, 0, 1, 0])
    header.writeUInt16BE(part.length + 8, 2)
    parts.push(header, part)
  }
  return Buffer.concat(parts)
}

/** LOGIN7 holds it with each byte turned half around and mixed with a constant, which hides nothing. */
function isPassword(body: Buffer, password: string): boolean {
  const [at, length] = [body.readUInt16LE(44), body.readUInt16LE(46)]
  const bytes = body.subarray(at, at + length * 2).map((byte) => (((byte ^ 0xa5) << 4) & 0xf0) | ((byte ^ 0xa5) >> 4))
  return Buffer.from(bytes).toString('utf16le') === password
}

/** The first parameter of `sp_executesql`, behind the headers of the request. */
function statementOf(body: Buffer): string {
  const name = body.readUInt32LE(0) + 6
  // Behind the parameter's name and its status.
  const at = name + 1 + 2 * body.readUInt8(name) + 1
  const max = body.readUInt16LE(at + 1)
  const value = at + 1 + 2 + 5
  if (max !== 0xffff) return body.toString('utf16le', value + 2, value + 2 + body.readUInt16LE(value))
  const parts: Buffer[] = []
  for (let from = value + 8; ; ) {
    const length = body.readUInt32LE(from)
    if (length === 0) return Buffer.concat(parts).toString('utf16le')
    parts.push(body.subarray(from + 4, from + 4 + length))
    from += 4 + length
  }
}

const text16 = (text: string) => Buffer.from(text, 'utf16le')
const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8])
const sized = (token: number, body: Buffer) => Buffer.concat([Buffer.from([token]), u16(body.length), body])
const short = (text: string) => Buffer.concat([Buffer.from([text.length]), text16(text)])

const loginAck = () => sized(0xad, Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), short('Test'), Buffer.from([16, 0, 0, 1])]))
const done = (status = 0) => Buffer.from([0xfd, status, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])

/** A server's words hold whatever it likes; the driver is not to pass them on. */
function errorToken(number: number): Buffer {
  const code = Buffer.alloc(6)
  code.writeInt32LE(number, 0)
  code.writeUInt8(1, 4)
  code.writeUInt8(14, 5)
  const words = 'the server repeats wrong-SECRET-27'
  return sized(0xaa, Buffer.concat([code, u16(words.length), text16(words), short('srv'), short(''), Buffer.alloc(4)]))
}

const collation = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34])
const typeInfo = {
  nvarchar: Buffer.concat([Buffer.from([0xe7, 0x40, 0x1f]), collation]),
  int: Buffer.from([0x26, 4]),
  float: Buffer.from([0x6d, 8]),
  bit: Buffer.from([0x68, 1]),
  datetime2: Buffer.from([0x2a, 3]),
} as const

function columnsToken(columns: readonly TdsColumn[]): Buffer {
  return Buffer.concat([
    Buffer.from([0x81]),
    u16(columns.length),
    ...columns.map(({ name, type }) => Buffer.concat([Buffer.alloc(4), Buffer.from([1, 0]), typeInfo[type], short(name)])),
  ])
}

function cell(type: TdsColumn['type'], value: unknown): Buffer {
  if (value === null || value === undefined) return type === 'nvarchar' ? Buffer.from([0xff, 0xff]) : Buffer.from([0])
  if (type === 'nvarchar') return Buffer.concat([u16(String(value).length * 2), text16(String(value))])
  if (type === 'bit') return Buffer.from([1, value === true ? 1 : 0])
  if (type === 'datetime2') return Buffer.concat([Buffer.from([7]), moment(String(value))])
  const bytes = Buffer.alloc(type === 'int' ? 4 : 8)
  if (type === 'int') bytes.writeInt32LE(Number(value))
  else bytes.writeDoubleLE(Number(value))
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

/** Milliseconds of the day, then days since 0001-01-01. */
function moment(text: string): Buffer {
  const ms = Date.parse(text)
  const bytes = Buffer.alloc(7)
  bytes.writeUIntLE(((ms % 86_400_000) + 86_400_000) % 86_400_000, 0, 4)
  bytes.writeUIntLE(Math.floor(ms / 86_400_000) + 719_162, 4, 3)
  return bytes
}
