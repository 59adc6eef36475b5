/**
 * Requests of the SDK over Node's own HTTP. A file of any size streams out while its answer is waited for as long as it takes,
 * an event stream stays open, and a node that made its own certificate is trusted by exactly that certificate.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'

export type Transport = (request: Request) => Promise<Response>

/** Statuses that carry no body (RFC 9110 section 6.4.1). */
const bodiless = new Set([204, 205, 304])

export function transportOf(certificate: string | undefined): Transport {
  const trust = certificate === undefined ? {} : { ca: [certificate], checkServerIdentity: () => undefined }
  return (request) =>
    new Promise((resolve, reject) => {
      const url = new URL(request.url)
      const options = { method: request.method, headers: Object.fromEntries(request.headers), signal: request.signal }
      const answered = (answer: IncomingMessage): void => {
        const status = answer.statusCode ?? 502
        resolve(
          new Response(bodiless.has(status) ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers: answer.headers as Record<string, string> }),
        )
      }
      const sent = url.protocol === 'https:' ? httpsRequest(url, { ...options, ...trust }, answered) : httpRequest(url, options, answered)
      sent.once('error', reject)
      if (request.body === null) sent.end()
      else
        Readable.fromWeb(request.body as WebStream)
          .once('error', reject)
          .pipe(sent)
    })
}
