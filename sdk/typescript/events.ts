/**
 * Follows a stream of server-sent events (WHATWG HTML, section 9.2) over `fetch`, and goes on where it broke off.
 *
 * ```ts
 * for await (const event of events({ url: `${origin}/v1/logs/stream`, headers: { authorization: `Bearer ${key}` }, signal })) {
 *   console.log(event.id, JSON.parse(event.data))
 * }
 * ```
 *
 * The browser's own `EventSource` cannot send a key, and hides why a stream was refused.
 */
import { GatehouseError, type ProblemDocument } from './client.ts'

export interface ServerEvent {
  /** Where to go on from after a break. */
  readonly id: string
  readonly type: string
  readonly data: string
}

export interface EventsOptions {
  readonly url: string
  readonly signal?: AbortSignal
  /** Begin after this event instead of with what is new. */
  readonly lastEventId?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Told whenever the stream stands and whenever it broke off and is tried again. */
  readonly onState?: (state: 'open' | 'waiting') => void
  /** A number in [0, 1) that spreads the returns of many clients. */
  readonly random?: () => number
  /** The first wait after a break; it doubles with each failure, up to `waitMsMax`. The node may ask for another by `retry`. */
  readonly waitMs?: number
  readonly waitMsMax?: number
  /** A stream that is silent for so long is dead: the node says something at least every 15 seconds. */
  readonly silenceMs?: number
}

/** One event may be so long, in characters; what sends more is no node. */
const eventCharsMax = 4 * 1024 * 1024

/**
 * Endless until `signal` aborts or the consumer leaves the loop; both end it without an error.
 * @throws GatehouseError when the node refuses (401, 403, 404, …): trying again would not help
 */
export async function* events(options: EventsOptions): AsyncGenerator<ServerEvent, void> {
  const { random = Math.random, waitMsMax = 30_000, onState } = options
  let waitMs = options.waitMs ?? 500
  let lastEventId = options.lastEventId
  let failures = 0
  while (!options.signal?.aborted) {
    const connection = new Connection(options)
    try {
      const body = await connection.open(lastEventId)
      onState?.('open')
      for await (const message of parse(body, connection)) {
        failures = 0
        if (message.retryMs !== undefined) waitMs = message.retryMs
        if (message.event === undefined) continue
        lastEventId = message.event.id
        yield message.event
      }
    } catch (error) {
      if (error instanceof GatehouseError) throw error
    } finally {
      connection.close()
    }
    if (options.signal?.aborted) return
    onState?.('waiting')
    // Between half and the whole of the wait, so that a thousand clients do not come back at one moment.
    await pause(Math.min(waitMs * 2 ** failures, waitMsMax) * (0.5 + random() / 2), options.signal)
    failures = Math.min(failures + 1, 16)
  }
}

/** One attempt: it ends with the caller's signal, with its own, and when it has been silent for too long. */
class Connection {
  readonly #options: EventsOptions
  readonly #own = new AbortController()
  readonly #end = () => this.#own.abort()
  #silence: ReturnType<typeof setTimeout> | undefined

  constructor(options: EventsOptions) {
    this.#options = options
    options.signal?.addEventListener('abort', this.#end, { once: true })
    this.heard()
  }

  async open(lastEventId: string | undefined): Promise<ReadableStream<Uint8Array>> {
    const { url, headers = {}, fetch = globalThis.fetch } = this.#options
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...headers, ...(lastEventId === undefined || lastEventId === '' ? {} : { 'last-event-id': lastEventId }) },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: this.#own.signal,
    })
    const refused = response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429
    if (refused) throw new GatehouseError(await problemOf(response))
    if (!response.ok || response.body === null) throw new Error(`the stream was answered with ${response.status}`)
    return response.body
  }

  heard(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(this.#end, this.#options.silenceMs ?? 45_000)
  }

  close(): void {
    clearTimeout(this.#silence)
    this.#options.signal?.removeEventListener('abort', this.#end)
    this.#own.abort()
  }
}

async function problemOf(response: Response): Promise<ProblemDocument> {
  const known = (await response.json().catch(() => ({}))) as Partial<ProblemDocument>
  return { type: 'about:blank', title: `HTTP ${response.status}`, ...known, status: response.status }
}

interface Message {
  readonly event?: ServerEvent
  readonly retryMs?: number
}

/** Lines end with LF, CR or CRLF; an empty line sends what was gathered; a line that begins with a colon is a sign of life. */
async function* parse(body: ReadableStream<Uint8Array>, connection: Pick<Connection, 'heard'>): AsyncGenerator<Message, void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  const gathered = { id: '', type: '', data: [] as string[] }
  let rest = ''
  try {
    while (true) {
      const { done, value } = await reader.read()
      if (done) return
      connection.heard()
      rest += value
      if (rest.length > eventCharsMax) throw new Error('the stream sends a line that is too long')
      // A CR at the very end may be the first half of a CRLF.
      const lines = rest.slice(0, rest.endsWith('\r') ? -1 : undefined).split(/\r\n|\r|\n/)
      rest = (lines.pop() ?? '') + (rest.endsWith('\r') ? '\r' : '')
      for (const line of lines) {
        const message = take(line, gathered)
        if (message !== undefined) yield message
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function take(line: string, gathered: { id: string; type: string; data: string[] }): Message | undefined {
  if (line === '') {
    const { id, type, data } = gathered
    gathered.type = ''
    gathered.data = []
    return data.length === 0 ? undefined : { event: { id, type: type === '' ? 'message' : type, data: data.join('\n') } }
  }
  const colon = line.indexOf(':')
  const field = colon < 0 ? line : line.slice(0, colon)
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
  if (field === 'data') gathered.data.push(value)
  else if (field === 'event') gathered.type = value
  else if (field === 'id' && !value.includes('\0')) gathered.id = value
  else if (field === 'retry' && /^\d+$/.test(value)) return { retryMs: Number(value) }
  return undefined
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
