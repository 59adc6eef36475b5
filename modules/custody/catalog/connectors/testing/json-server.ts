/** A small HTTP server of this machine that answers JSON. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text is sent as it is. */
  readonly json?: unknown
}

export type Handler = (url: URL, request: IncomingMessage, body: string) => Reply | undefined | Promise<Reply | undefined>

export interface JsonServer {
  readonly origin: string
  /** What was asked for, in order: `GET /patients?page=1`. */
  readonly asked: string[]
  /** Whoever answers from now on. Nothing answers where it gives `undefined`. */
  answer(handler: Handler): void
  close(): Promise<void>
}

export async function jsonServer(first: Handler): Promise<JsonServer> {
  let handler = first
  const asked: string[] = []
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const part of request) body += part
    asked.push(`${request.method} ${request.url}`)
    const reply = await handler(new URL(request.url ?? '/', origin), request, body)
    if (reply === undefined) return
    const { status = 200, headers = {}, json = {} } = reply
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof json === 'string' ? json : JSON.stringify(json))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    asked,
    answer(next) {
      handler = next
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
