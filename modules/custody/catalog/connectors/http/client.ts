/** Asks a source for JSON documents: bounded in bytes and time, without following anybody, with faults in a connector's words. */
import type { Egress, EgressAnswer } from '@gatehouse/runtime/data/egress'
import { ConnectorError } from '../connector.ts'
import { type Json, parseDocument } from '../json/document.ts'
import { say } from '../words.ts'
import { answered } from './answered.ts'
import type { Authority } from './credential.ts'

export const answerBytesMax = 32 * 1024 * 1024
/** Of all answers of one reading. */
const readingBytesMax = 16 * 1024 ** 3
export const answerTimeoutMs = 60_000

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly body?: string
  readonly accept?: string
}

export interface Answer {
  readonly json: Json
  readonly headers: EgressAnswer['headers']
}

export interface JsonClient {
  /** @throws ConnectorError, or what the client's signal was aborted with */
  ask(url: URL, asked?: Asked): Promise<Answer>
}

/** @param signal of the reading, or of the whole connection */
export function jsonClient(egress: Pick<Egress, 'send'>, authority: Authority, signal: AbortSignal): JsonClient {
  let bytes = 0

  async function send(url: URL, { method = 'GET', body, accept = 'application/json' }: Asked): Promise<EgressAnswer> {
    signal.throwIfAborted()
    const headers = { accept, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(await authority.headers(signal)) }
    return answered(url.hostname, () =>
      egress.send(url.href, { method, headers, timeoutMs: answerTimeoutMs, bytesMax: answerBytesMax, signal, ...(body === undefined ? {} : { body }) }),
    )
  }

  return {
    async ask(url, asked = {}) {
      let answer = await send(url, asked)
      // A token may have ended before its time; a new one is asked for once.
      if (answer.status === 401 && authority.refused()) answer = await send(url, asked)
      bytes += answer.bytes.length
      if (bytes > readingBytesMax) throw new ConnectorError('too_large', say('answer_too_large', { host: url.hostname, bytes: readingBytesMax }))
      const fault = faultOf(answer.status, url.hostname)
      if (fault !== undefined) throw fault
      return { json: parseDocument(answer.body, url.hostname), headers: answer.headers }
    },
  }
}

function faultOf(status: number, host: string): ConnectorError | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status >= 300 && status < 400) return new ConnectorError('unsupported', say('redirect', { host }))
  if (status === 401) return new ConnectorError('refused', say('credential_not_taken', { host }))
  if (status === 403) return new ConnectorError('refused', say('credential_lacks_right', { host }))
  if (status === 404 || status === 410) return new ConnectorError('drifted', say('nothing_here', { host, status }))
  if (status === 429 || status === 503) return new ConnectorError('slow', say('asks_to_wait', { host, status }))
  if (status >= 500) return new ConnectorError('unreachable', say('failed', { host, status }))
  return new ConnectorError('unsupported', say('not_understood', { host, status }))
}
