import { existsSync, readFileSync } from 'node:fs'
import { fromBase64 } from '@gatehouse/crypto/bytes'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { secretText } from './secret.ts'
import { signedHeaders } from './sign.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** The published library reads the clock itself. */
function at(ms: number) {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(ms)
}

const nowMs = Date.UTC(2026, 10, 22, 9, 30)
const first = new Uint8Array(32).fill(1)
const second = new Uint8Array(32).fill(2)
const body = '{"type":"release.redeemed"}'
const headers = signedHeaders([second, first], 'event-1', nowMs, body)
const verify = (secret: Uint8Array, sent = headers, text = body) => new StandardWebhook(secretText(secret)).verify(text, sent)

describe('a receiver with the published library refuses', () => {
  it.each([
    ['another secret', () => verify(new Uint8Array(32).fill(3))],
    ['another body', () => verify(first, headers, `${body} `)],
    ['another id', () => verify(first, { ...headers, 'webhook-id': 'event-2' })],
    ['another second', () => verify(first, { ...headers, 'webhook-timestamp': String(nowMs / 1000 + 1) })],
  ])('%s', (_, attempt) => {
    at(nowMs)
    expect(attempt).toThrow('No matching signature found')
  })
  it('a message more than five minutes old', () => {
    at(nowMs + 301_000)
    expect(() => verify(first)).toThrow('Message timestamp too old')
  })
})

describe('a signature', () => {
  it('of each secret stands in the header, so either verifies', () => {
    at(nowMs)
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2)
    expect(verify(first)).toEqual({ type: 'release.redeemed' })
    expect(verify(second)).toEqual({ type: 'release.redeemed' })
  })
})

interface Vector {
  readonly name: string
  readonly secret: string
  readonly id: string
  readonly timestamp: number
  readonly payload: string
  readonly signature: string
}

const file = new URL('../../../../shared/data/standards/standard-webhooks/vectors.json', import.meta.url)
describe.skipIf(!existsSync(file))('the vectors of Standard Webhooks (skipped where the reference data is absent)', () => {
  const vectors = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { signing: Vector[] }).signing : []
  it('are there', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(12)
  })
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_, { secret, id, timestamp, payload, signature }) => {
    const bytes = fromBase64(secret.slice('whsec_'.length))!
    expect(secretText(bytes)).toBe(secret)
    expect(signedHeaders([bytes], id, timestamp * 1000, payload)).toEqual({
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    })
  })
})
