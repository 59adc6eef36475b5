/**
 * COPY TO STDOUT over a connection of `pg`, reading the socket itself: the client's parser makes an object of each row, and that is most
 * of what reading costs. While COPY lasts the socket's bytes come here; the first message that is not of COPY and everything after it
 * goes back to the client. Messages: PostgreSQL's documentation, "Message Formats".
 */
import type { Readable } from 'node:stream'
import type pg from 'pg'

const dataMark = 0x64
/** CopyData, CopyDone, CopyOutResponse, and what may come in between: NoticeResponse and ParameterStatus. */
const marks: ReadonlySet<number> = new Set([dataMark, 0x63, 0x48, 0x4e, 0x53])
/** Socket pieces that may wait for whoever takes them, before the server has to. */
const waitingMax = 4

interface Connection {
  readonly stream: Readable
  query(text: string): void
}

export interface Span {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** Payloads of CopyData, as many as arrived together. @throws what the server answers instead */
export async function* copyOut(client: pg.Client, text: string): AsyncGenerator<readonly Span[], void, undefined> {
  const waiting: Span[][] = []
  let wake: () => void = () => {}
  let failed: unknown
  let over = false
  let stream: Readable | undefined
  const submittable = {
    submit(connection: Connection) {
      stream = connection.stream
      takeOver(connection.stream, (spans) => {
        if (spans.length > 0) waiting.push(spans)
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
    const spans = waiting.shift()
    if (spans !== undefined) {
      if (waiting.length < waitingMax) stream?.resume()
      yield spans
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
function takeOver(stream: Readable, give: (spans: Span[]) => void): void {
  const before = stream.listeners('data') as ((bytes: Buffer) => void)[]
  stream.removeAllListeners('data')
  let rest: Buffer = Buffer.alloc(0)
  const onData = (piece: Buffer) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const { spans, at, over } = messagesIn(bytes)
    if (over) {
      stream.off('data', onData)
      for (const listener of before) stream.on('data', listener)
    }
    give(spans)
    if (over) for (const listener of before) listener.call(stream, bytes.subarray(at))
    // Kept by itself, so that the large piece can go once its rows are read.
    else rest = Buffer.from(bytes.subarray(at))
  }
  stream.on('data', onData)
}

/** The whole messages of COPY, up to the first that is cut off or not of COPY. */
function messagesIn(bytes: Buffer): { readonly spans: Span[]; readonly at: number; readonly over: boolean } {
  const spans: Span[] = []
  let at = 0
  while (bytes.length - at >= 5) {
    const kind = bytes[at] as number
    if (!marks.has(kind)) return { spans, at, over: true }
    const next = at + 1 + bytes.readUInt32BE(at + 1)
    if (next > bytes.length) break
    if (kind === dataMark) spans.push({ bytes, start: at + 5, end: next })
    at = next
  }
  return { spans, at, over: false }
}
