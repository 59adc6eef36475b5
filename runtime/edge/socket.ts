/**
 * The exchange socket: TLS 1.3, one line in, one answer out, then it closes. Everything is capped: bytes of the line, time to
 * send it, time to take the answer, connections at once and per source.
 *
 *   client: <token> LF
 *   server: GATEHOUSE/1 <status> <JSON header> LF <data>
 */
import { randomBytes } from 'node:crypto'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Id } from '@gatehouse/core/id'
import { errorFields } from '../base/log.ts'
import type { Door } from '../door/door.ts'
import type { AnyOperation, Sent } from '../door/operation.ts'
import type { FollowUps } from './follow-up.ts'
import { problemAnswer } from './problem-json.ts'
import { thumbprintOf } from './tls.ts'

export interface SocketOptions {
  readonly door: Door
  readonly tls: { readonly cert: string; readonly key: string }
  /** The operation that a line is the token for; its output is what `frame` writes. */
  readonly operation: AnyOperation
  readonly inputOf: (line: string) => unknown
  readonly frame: (output: unknown) => { readonly header: unknown; readonly data: string }
  readonly followUps: FollowUps
  readonly limits?: Partial<SocketLimits>
}

export interface SocketLimits {
  readonly lineBytesMax: number
  readonly lineTimeMs: number
  readonly sendTimeMs: number
  readonly connectionsMax: number
  readonly connectionsPerSourceMax: number
}

export const socketLimits: SocketLimits = { lineBytesMax: 128, lineTimeMs: 5_000, sendTimeMs: 30_000, connectionsMax: 1_024, connectionsPerSourceMax: 256 }

export interface ExchangeSocket {
  readonly port: number
  /** Stops listening, lets open connections end, and closes what is left after the given time. */
  close(graceMs?: number): Promise<void>
}

export async function openSocket(options: SocketOptions & { host: string; port: number }): Promise<ExchangeSocket> {
  const limits = { ...socketLimits, ...options.limits }
  const { metrics, log } = options.door.node
  const open = new Set<TLSSocket>()
  const perSource = new Map<string, number>()

  const server: Server = createServer(
    { ...options.tls, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false, handshakeTimeout: limits.lineTimeMs },
    (socket) => {
      serve(options, limits, socket).catch((error: unknown) => {
        log.error({ error: errorFields(error) }, 'an exchange connection failed')
        socket.destroy()
      })
    },
  )
  // Counted on the bare connection, so that one that never speaks TLS counts too.
  server.on('connection', (socket) => {
    const source = socket.remoteAddress ?? ''
    const count = (perSource.get(source) ?? 0) + 1
    if (server.listening && (open.size >= limits.connectionsMax || count > limits.connectionsPerSourceMax)) {
      metrics.exchangeRefused.inc({ reason: 'too_many_connections' })
      socket.destroy()
      return
    }
    perSource.set(source, count)
    open.add(socket as TLSSocket)
    metrics.exchangeConnections.set(open.size)
    socket.once('close', () => {
      open.delete(socket as TLSSocket)
      const left = (perSource.get(source) ?? 1) - 1
      if (left === 0) perSource.delete(source)
      else perSource.set(source, left)
      metrics.exchangeConnections.set(open.size)
    })
  })
  server.on('tlsClientError', (_error, socket) => {
    metrics.exchangeRefused.inc({ reason: 'handshake' })
    // Node reports a handshake that took too long and leaves the connection open.
    socket.destroy()
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: (graceMs = 5_000) =>
      new Promise((resolve) => {
        const late = setTimeout(() => {
          for (const socket of open) socket.destroy()
        }, graceMs)
        server.close(() => {
          clearTimeout(late)
          resolve()
        })
      }),
  }
}

async function serve(options: SocketOptions, limits: SocketLimits, socket: TLSSocket): Promise<void> {
  const { door, operation } = options
  socket.on('error', () => {})
  const line = await readLine(socket, limits)
  if (line === undefined) {
    door.node.metrics.exchangeRefused.inc({ reason: 'no_line' })
    socket.destroy()
    return
  }
  const traceId = randomBytes(16).toString('hex')
  const thumbprint = thumbprintOf(socket)
  let done: { readonly output: unknown; readonly tenant: Id<'tenant'> }
  let frame: { header: unknown; data: string }
  try {
    const answer = await door.knock(operation, options.inputOf(line), {
      channel: 'socket',
      ...(thumbprint === undefined ? {} : { certificateThumbprint: thumbprint }),
      source: socket.remoteAddress ?? '',
      traceId,
    })
    if (answer.outcome === 'refused') throw answer.problem
    if (answer.outcome === 'pending') throw new TypeError('an exchange operation cannot wait for approvals')
    done = answer
    frame = options.frame(answer.output)
  } catch (error) {
    const { status, body } = problemAnswer(error, traceId)
    await write(socket, `GATEHOUSE/1 ${status} ${body}\n`, limits.sendTimeMs)
    return
  }
  const sent = await write(socket, `GATEHOUSE/1 200 ${JSON.stringify(frame.header)}\n${frame.data}`, limits.sendTimeMs)
  options.followUps.add(operation, done, sent.complete ? { complete: true, bytes: Buffer.byteLength(frame.data) } : sent)
}

/** The first line without its end, or `undefined` when it is too long, too late or never comes. */
function readLine(socket: TLSSocket, limits: SocketLimits): Promise<string | undefined> {
  return new Promise((resolve) => {
    let held = Buffer.alloc(0)
    const timer = setTimeout(() => finish(undefined), limits.lineTimeMs)
    function finish(line: string | undefined) {
      clearTimeout(timer)
      socket.off('data', onData)
      socket.off('close', onClose)
      socket.pause()
      resolve(line)
    }
    function onData(chunk: Buffer) {
      held = Buffer.concat([held, chunk])
      const end = held.indexOf(0x0a)
      if (end > limits.lineBytesMax || (end < 0 && held.length > limits.lineBytesMax)) finish(undefined)
      else if (end >= 0) finish(held.subarray(0, end).toString('latin1').trimEnd())
    }
    const onClose = () => finish(undefined)
    socket.on('data', onData)
    socket.once('close', onClose)
  })
}

/** Complete means: the last byte went out and the client closed its side without a reset before the time was over. */
function write(socket: TLSSocket, text: string, timeMs: number): Promise<Sent> {
  return new Promise((resolve) => {
    // A client that has left already will not leave again.
    if (socket.destroyed) return resolve({ complete: false, bytes: 0 })
    let flushed = false
    let late = false
    const timer = setTimeout(() => {
      late = true
      socket.destroy()
    }, timeMs)
    socket.once('close', (failed) => {
      clearTimeout(timer)
      resolve({ complete: flushed && !failed && !late, bytes: 0 })
    })
    socket.resume()
    socket.end(text, () => {
      flushed = true
    })
  })
}
