/** One attempt: sign and send, and read nothing of the answer but its status. */
import { type Egress, EgressError } from '@gatehouse/runtime/data/egress'
import { answerBytesMax, sendTimeoutMs } from './schema.ts'
import { signedHeaders } from './sign.ts'

export interface Message {
  readonly url: string
  readonly id: string
  readonly body: string
  readonly secrets: readonly Uint8Array[]
}

export type Outcome =
  | { readonly result: 'taken'; readonly status: number }
  /** The receiver says that it wants no more (410). */
  | { readonly result: 'gone'; readonly status: number; readonly error: string }
  /** Without a status there was no answer that could be read. */
  | { readonly result: 'failed'; readonly status?: number; readonly error: string }

export async function send(egress: Egress, { url, id, body, secrets }: Message, nowMs: number): Promise<Outcome> {
  try {
    const { status } = await egress.send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', 'user-agent': 'Gatehouse', ...signedHeaders(secrets, id, nowMs, body) },
      body,
      timeoutMs: sendTimeoutMs,
      bytesMax: answerBytesMax,
    })
    if (status >= 200 && status < 300) return { result: 'taken', status }
    if (status === 410) return { result: 'gone', status, error: 'the receiver answered 410 Gone: it wants no more' }
    if (status >= 300 && status < 400) return { result: 'failed', status, error: `the receiver answered ${status}; a redirect is not followed` }
    return { result: 'failed', status, error: `the receiver answered ${status}` }
  } catch (error) {
    if (error instanceof EgressError) return { result: 'failed', error: error.message }
    throw error
  }
}
