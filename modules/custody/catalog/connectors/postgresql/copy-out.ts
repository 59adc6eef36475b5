/**
 * COPY TO STDOUT over a connection of `pg`, reading the socket itself: the client's parser makes an object of each row, and that is most
 * of what reading costs. While COPY lasts the socket's bytes come here; the first message that is not of COPY and everything after it
 * goes back to the client. Messages: PostgreSQL's documentation, "Message Formats".
 */
import type { Readable } from 'node:stream'
import type pg from 'pg'
import { ConnectorError } from '../connector.ts'
import { say } from '../words.ts'
import { divert, type Take } from './intake.ts'

export const dataMark = 0x64
/** A message's kind and its length, which counts itself. */
export const messageHead = 5
export const lengthMin = 4
/** As much as is kept of a row whose end has not come. */
const messageBytesMax = 67_108_864
/** CopyData, CopyDone, CopyOutResponse, and what may come in between: NoticeResponse and ParameterStatus. */
const marks: ReadonlySet<number> = new Set([dataMark, 0x63, 0x48, 0x4e, 0x53])
/** Pieces that are taken before whoever reads has come back for more; then the server has to wait. */
const aheadMax = 4

interface Connection {
  readonly stream: Readable
  query(text: string): void
}

/**
 * Gives `take` whole messages of COPY, as many as arrived together, and yields after some were taken.
 * @throws what the server answers instead, and what `take` throws: then the client is in the middle of rows, and good for nothing more
 */
export async function* copyOut(client: pg.Client, text: string, take: Take): AsyncGenerator<void, void, undefined> {
  let ahead = 0
  let wake: () => void = () => {}
  let failed: unknown
  let over = false
  let stream: Readable | undefined
  function end(error?: unknown): void {
    failed ??= error
    over = true
    wake()
  }
  const submittable = {
    submit(connection: Connection) {
      stream = connection.stream
      takeOver(
        connection.stream,
        (messages) => {
          take(messages)
          if (++ahead >= aheadMax) connection.stream.pause()
          wake()
        },
        end,
      )
      connection.query(text)
    },
    handleError: end,
    handleReadyForQuery: () => end(),
    handleCommandComplete() {},
    handleRowDescription() {},
    handlePortalSuspended() {},
    handleEmptyQuery() {},
  }
  client.query(submittable as unknown as pg.Submittable)
  for (;;) {
    if (ahead > 0) {
      ahead = 0
      stream?.resume()
      yield
    } else if (over) {
      if (failed !== undefined) throw failed
      return
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}

/** Takes the stream's bytes until something comes that is not of COPY. Once it has failed, what comes is dropped. */
function takeOver(stream: Readable, give: Take, failed: (error: unknown) => void): void {
  const cut = new CutMessage()
  function take(piece: Buffer): void {
    let from = cut.isBegun ? cut.add(piece) : 0
    if (cut.isWhole) give(cut.take())
    if (!cut.isBegun) {
      const end = wholeMessages(piece, from)
      if (end > from) give(piece.subarray(from, end))
      from = end + cut.add(piece.subarray(end))
    }
    if (!cut.isForeign) return
    giveBack()
    stream.emit('data', Buffer.from(piece.subarray(from)))
  }
  let isBroken = false
  const giveBack = divert(stream, (piece) => {
    if (isBroken) return
    try {
      take(piece)
    } catch (error) {
      isBroken = true
      failed(error)
    }
  })
}

/** A message that did not come in one piece is made whole by itself: of what comes behind it nothing is copied. */
class CutMessage {
  /** It is not of COPY; nothing of it is taken. */
  isForeign = false
  #bytes = Buffer.alloc(messageHead)
  #filled = 0

  get isBegun(): boolean {
    return this.#filled > 0
  }

  get isWhole(): boolean {
    return this.#filled >= messageHead && this.#filled === this.#size
  }

  /** @returns how many of the bytes belong to it, as far as they go */
  add(bytes: Buffer): number {
    if (!this.isBegun && bytes.length > 0 && !marks.has(bytes[0] as number)) this.isForeign = true
    if (this.isForeign) return 0
    const ofHead = this.#fill(bytes, messageHead)
    return this.#filled < messageHead ? ofHead : ofHead + this.#fill(bytes.subarray(ofHead), this.#size)
  }

  /** The whole of it; the next one can begin. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#filled)
    this.#filled = 0
    return taken
  }

  get #size(): number {
    const length = this.#bytes.readInt32BE(1)
    if (length < lengthMin) throw new ConnectorError('unsupported', say('no_postgresql_messages'))
    if (length > messageBytesMax) throw new ConnectorError('too_large', say('row_too_long', { size: messageBytesMax / 1_048_576 }))
    return 1 + length
  }

  #fill(bytes: Buffer, size: number): number {
    if (size > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], size)
    const count = bytes.copy(this.#bytes, this.#filled, 0, Math.max(0, size - this.#filled))
    this.#filled += count
    return count
  }
}

/** Where the whole messages of COPY from `from` on end. */
function wholeMessages(bytes: Buffer, from: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = from
  while (bytes.length - at >= messageHead && marks.has(bytes[at] as number)) {
    const length = view.getInt32(at + 1)
    if (length < lengthMin || length >= bytes.length - at) break
    at += 1 + length
  }
  return at
}
