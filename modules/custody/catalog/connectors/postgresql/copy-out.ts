/**
 * COPY TO STDOUT over a connection of `pg`, reading the socket itself: the client's parser makes an object of each row, and that is most
 * of what reading costs. While COPY lasts the socket's bytes come here; the first message that is not of COPY and everything after it
 * goes back to the client. Messages: PostgreSQL's documentation, "Message Formats".
 */
import type { Readable } from 'node:stream'
import type pg from 'pg'

export const dataMark = 0x64
/** A message's kind and its length, which counts itself. */
export const messageHead = 5
/** CopyData, CopyDone, CopyOutResponse, and what may come in between: NoticeResponse and ParameterStatus. */
const marks: ReadonlySet<number> = new Set([dataMark, 0x63, 0x48, 0x4e, 0x53])
/** Socket pieces that may wait for whoever takes them, before the server has to. */
const waitingMax = 4

interface Connection {
  readonly stream: Readable
  query(text: string): void
}

/** Whole messages of COPY, as many as arrived together. @throws what the server answers instead */
export async function* copyOut(client: pg.Client, text: string): AsyncGenerator<Buffer, void, undefined> {
  const waiting: Buffer[] = []
  let wake: () => void = () => {}
  let failed: unknown
  let over = false
  let stream: Readable | undefined
  const submittable = {
    submit(connection: Connection) {
      stream = connection.stream
      takeOver(connection.stream, (messages) => {
        if (messages.length > 0) waiting.push(messages)
        if (waiting.length >= waitingMax) connection.stream.pause()
        wake()
      })
      connection.query(text)
    },
    handleError(error: unknown) {
      failed = error
      over = true
      wake()
    },
    handleReadyForQuery() {
      over = true
      wake()
    },
    handleCommandComplete() {},
    handleRowDescription() {},
    handlePortalSuspended() {},
    handleEmptyQuery() {},
  }
  client.query(submittable as unknown as pg.Submittable)
  for (;;) {
    const messages = waiting.shift()
    if (messages !== undefined) {
      if (waiting.length < waitingMax) stream?.resume()
      yield messages
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

/** Takes the socket's data until something comes that is not of COPY. */
function takeOver(stream: Readable, give: (messages: Buffer) => void): void {
  const before = stream.listeners('data') as ((bytes: Buffer) => void)[]
  stream.removeAllListeners('data')
  let rest: Buffer = Buffer.alloc(0)
  let over = false
  /** @returns what is left behind the whole messages */
  const take = (bytes: Buffer): Buffer => {
    const found = messagesIn(bytes)
    over = found.over
    give(bytes.subarray(0, found.end))
    return bytes.subarray(found.end)
  }
  const onData = (piece: Buffer) => {
    let from = 0
    // The message that was cut is made whole by itself: of what comes behind it nothing is copied.
    while (rest.length > 0 && !over && from < piece.length) {
      const to = Math.min(piece.length, from + missingOf(rest))
      rest = Buffer.concat([rest, piece.subarray(from, to)])
      from = to
      if (missingOf(rest) === 0) rest = take(rest)
    }
    if (rest.length === 0) {
      const left = take(piece.subarray(from))
      // Kept by itself, so that the large piece can go once its rows are read.
      rest = over ? left : Buffer.from(left)
    } else if (over) rest = Buffer.concat([rest, piece.subarray(from)])
    if (!over) return
    stream.off('data', onData)
    for (const listener of before) {
      stream.on('data', listener)
      listener.call(stream, rest)
    }
  }
  stream.on('data', onData)
}

/** Bytes to the end of the message, or to that of its head. */
function missingOf(begun: Buffer): number {
  if (begun.length < messageHead) return messageHead - begun.length
  return marks.has(begun[0] as number) ? Math.max(0, 1 + begun.readUInt32BE(1) - begun.length) : 0
}

/** Where the whole messages of COPY end, and whether by one that is not of COPY. */
function messagesIn(bytes: Buffer): { readonly end: number; readonly over: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  while (bytes.length - at >= messageHead) {
    if (!marks.has(bytes[at] as number)) return { end: at, over: true }
    const next = at + 1 + view.getUint32(at + 1)
    if (next > bytes.length) break
    at = next
  }
  return { end: at, over: false }
}
