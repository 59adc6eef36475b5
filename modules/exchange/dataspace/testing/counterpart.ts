/** The other side: a connector that says what it is told to say, and waits for what it is to be told. Every message both ways is held to the schemas. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageFaults } from './schemas.ts'

type Json = Record<string, unknown>

interface Arrived {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: Json
}

const context = ['https://w3id.org/dspace/2025/1/context.jsonld']
const waitMs = 5_000

export class Counterpart {
  readonly #server: Server
  readonly #arrived: Arrived[] = []
  readonly #waiting = new Set<() => void>()
  #count = 0
  /** The next answers, in place of taking what comes. */
  readonly answers: number[] = []
  /** Messages that do not follow their schema, whoever sent them. */
  readonly faults: string[] = []
  /** Where the node under test is. */
  node = ''
  key = ''

  constructor() {
    this.#server = createServer((request, response) => {
      void read(request).then((text) => {
        const status = this.answers.shift() ?? 200
        const body = JSON.parse(text) as Json
        this.#check('from the node', body)
        const first = /\/(negotiations|transfers)\/request$/.exec(request.url ?? '')
        if (status === 200) this.#arrived.push({ path: request.url ?? '', authorization: request.headers.authorization, body })
        const kind = first?.[1] === 'transfers' ? 'TransferProcess' : 'ContractNegotiation'
        const answer =
          first === null
            ? {}
            : { '@context': context, '@type': kind, providerPid: pidFor(String(body.consumerPid)), consumerPid: body.consumerPid, state: 'REQUESTED' }
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
        for (const wake of this.#waiting) wake()
      })
    })
  }

  async open(): Promise<string> {
    // A connection that ends in the very moment it is used again is a fault of its own, which the queue would answer by trying again.
    this.#server.keepAliveTimeout = 300_000
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this.address
  }
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/dsp`
  }
  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  newPid(): string {
    return `urn:kit:${++this.#count}`
  }

  #check(whose: string, body: unknown): void {
    const fault = messageFaults(body)
    if (fault !== undefined) this.faults.push(`${whose}: ${fault} ${JSON.stringify(body)}`)
  }

  /** The next message about a pid or a name in it, once. */
  async next(type: string, about: string): Promise<Arrived> {
    for (const untilMs = Date.now() + waitMs; Date.now() < untilMs; ) {
      const at = this.#arrived.findIndex(({ body }) => body['@type'] === type && JSON.stringify(body).includes(`"${about}"`))
      const [found] = at === -1 ? [] : this.#arrived.splice(at, 1)
      if (found !== undefined) return found
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          this.#waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, 200)
        this.#waiting.add(wake)
      })
    }
    throw new Error(`no ${type} about ${about} came`)
  }

  async #ask(method: string, path: string, body?: object, key = this.key): Promise<{ status: number; body: Json }> {
    if (body !== undefined && '@type' in body) this.#check('from the kit', body)
    const answer = await fetch(`${this.node}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const read = (text === '' ? {} : JSON.parse(text)) as Json
    if (path.startsWith('/dsp/') && '@type' in read) this.#check('answered by the node', read)
    return { status: answer.status, body: read }
  }

  post = (path: string, body: object, key?: string) => this.#ask('POST', path, body, key)
  get = (path: string, key?: string) => this.#ask('GET', path, undefined, key)
  message = (type: string, more: object): Json => ({ '@context': context, '@type': type, ...more })
}

/** What this side calls a process of which the other has told its pid. */
export const pidFor = (pid: string): string => `urn:kit:of:${pid.split(':').at(-1)}`

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
