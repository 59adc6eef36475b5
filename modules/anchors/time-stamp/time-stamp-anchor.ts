/** Time stamps of checkpoints (RFC 3161): an authority signs that the note existed at a moment. */
import { fromBase64, toBase64, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type Egress, EgressError } from '@gatehouse/runtime/data/egress'
import type { Anchor } from '../anchor.ts'
import { answerBytesMax, requestTimeoutMs, type TimeStampSettings } from '../schema.ts'
import { nonceOf, readAnswer, timeStampRequest } from './request.ts'
import { verifyToken } from './verify-token.ts'

/** A stamp whose time is further from our clock is not believed. */
const clockToleranceMs = 5 * 60_000

export function timeStampAnchor(options: {
  settings: TimeStampSettings
  egress: Egress
  sha256: Primitives['sha256']
  randomBytes: (length: number) => Uint8Array
  nowMs: () => number
}): Anchor {
  const { settings, egress, sha256, nowMs } = options
  const { roots, policy } = settings
  return {
    kind: 'time_stamp',
    async send({ checkpoint }) {
      const imprint = sha256(utf8(checkpoint))
      const nonce = nonceOf(options.randomBytes(16))
      try {
        const answer = await egress.send(settings.url, {
          method: 'POST',
          headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
          body: timeStampRequest(imprint, nonce, policy),
          timeoutMs: requestTimeoutMs,
          bytesMax: answerBytesMax,
        })
        if (answer.status !== 200) return { outcome: 'failed', fault: 'unreachable', reason: `the authority answered with status ${answer.status}` }
        const read = readAnswer(answer.bytes)
        if (!read.granted) return { outcome: 'failed', fault: read.fault, reason: read.reason }
        const verdict = verifyToken(read.token, { imprint, nonce, policy, roots })
        if (verdict.outcome === 'refused') return { outcome: 'failed', fault: 'untrusted', reason: verdict.reason }
        if (Math.abs(verdict.time.getTime() - nowMs()) > clockToleranceMs)
          return { outcome: 'failed', fault: 'wrong_clock', reason: 'the stamped time is more than five minutes from this node’s clock' }
        return { outcome: 'sent', reference: { token: toBase64(read.token), serial: verdict.serial } }
      } catch (error) {
        if (error instanceof EgressError) return { outcome: 'failed', fault: 'unreachable', reason: error.message }
        throw error
      }
    },
    /** The token holds all there is to know: nobody is asked again. */
    async look({ checkpoint }, reference) {
      const token = fromBase64(String(reference.token))
      const verdict = token && verifyToken(token, { imprint: sha256(utf8(checkpoint)), policy, roots })
      if (verdict?.outcome !== 'valid') return { outcome: 'lost', fault: 'untrusted', reason: verdict?.reason ?? 'the token is gone' }
      const { time, serial, authority } = verdict
      return {
        outcome: 'confirmed',
        depth: 1,
        final: true,
        receipt: { token: toBase64(token ?? new Uint8Array(0)), time: time.toISOString(), serial, policy: verdict.policy, authority },
      }
    },
  }
}
