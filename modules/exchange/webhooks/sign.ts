import { Webhook as StandardWebhook } from 'standardwebhooks'

/**
 * The headers of Standard Webhooks v1: HMAC-SHA256 over `id.timestamp.body`, one signature per secret so that a receiver may
 * change over in its own time. The timestamp is the attempt's, since receivers refuse old ones.
 */
export function signedHeaders(secrets: readonly Uint8Array[], id: string, nowMs: number, body: string): Record<string, string> {
  const at = new Date(nowMs)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    'webhook-signature': secrets.map((secret) => new StandardWebhook(secret, { format: 'raw' }).sign(id, at, body)).join(' '),
  }
}
