/**
 * What a socket reads, into one buffer again and again. Rows come by hundreds of megabytes a second: in a buffer of its own for each
 * piece, sweeping them up is more work than reading the rows.
 */
import type { Readable } from 'node:stream'
import type { ReadInto } from '@gatehouse/runtime/data/egress'

const bytesAtOnce = 262_144

/** Bytes that came, good until it returns. */
export type Take = (bytes: Buffer) => void

export class Intake {
  /** For the socket when it is made. */
  readonly onread: ReadInto = {
    buffer: Buffer.allocUnsafeSlow(bytesAtOnce),
    callback: (count, buffer) => this.#came(Buffer.from(buffer.buffer, buffer.byteOffset, count)),
  }
  #socket: Readable | undefined
  #take: Take | undefined

  /** The socket that was made so. */
  serve(socket: Readable): void {
    this.#socket = socket
    intakes.set(socket, this)
  }

  divert(take: Take | undefined): void {
    this.#take = take
  }

  /** @returns whether to go on reading */
  #came(bytes: Buffer): boolean {
    if (this.#take === undefined) return this.#socket?.push(Buffer.from(bytes)) ?? true
    this.#take(bytes)
    return true
  }
}

const intakes = new WeakMap<Readable, Intake>()

/**
 * From now on what comes is given to `take` and to nobody else. A stream without an intake of its own (TLS) makes its pieces itself.
 * @returns what ends that
 */
export function divert(stream: Readable, take: Take): () => void {
  const intake = intakes.get(stream)
  if (intake !== undefined) {
    intake.divert(take)
    return () => intake.divert(undefined)
  }
  const before = stream.listeners('data') as Take[]
  stream.removeAllListeners('data')
  stream.on('data', take)
  return () => {
    stream.off('data', take)
    for (const listener of before) stream.on('data', listener)
  }
}
