/**
 * A gateway that takes `{"to": "+431234567", "text": "…"}` by POST under a bearer key and answers 2xx when it has taken it. The
 * request goes through egress, so its host stands on the allow list and no redirect carries the number elsewhere.
 */
import type { SmsConfig } from '../../base/config.ts'
import { type Egress, EgressError } from '../egress.ts'
import { checkMessage, type Sms, SmsError } from './sms.ts'

const timeoutMs = 10_000
/** The answer is not read for anything. */
const answerBytesMax = 65_536

/** @throws EgressError at once where the gateway is not on the allow list */
export function gatewaySms(egress: Egress, { url, key, perHour }: SmsConfig, waitMs: number = timeoutMs): Sms {
  const { host } = egress.check(url)
  return {
    perHour,
    async send(message) {
      const body = JSON.stringify(checkMessage(message))
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
      const status = await egress.send(url, { method: 'POST', headers, body, timeoutMs: waitMs, bytesMax: answerBytesMax }).then(
        (answer) => answer.status,
        (error: unknown) => {
          throw new SmsError(`${host} did not take the message (${error instanceof EgressError ? error.message : 'no answer'})`)
        },
      )
      // Its own words may repeat the number, so only the code is told.
      if (status < 200 || status > 299) throw new SmsError(`${host} did not take the message (${status})`)
    },
  }
}
