/**
 * Text messages to telephones: a code, and nothing that names anybody. A node without a gateway has none. Each costs money, so a
 * driver says how many may leave in an hour.
 * Drivers promise: when `send` resolves, the gateway took the message; when it rejects, it may be tried again.
 */
import { z } from 'zod'

export interface Message {
  readonly to: string
  readonly text: string
}

export interface Sms {
  /** How many may leave the node in an hour, over all institutions. Whoever sends counts them. */
  readonly perHour: number
  /** @throws SmsError when the message is not in order or nobody took it */
  send(message: Message): Promise<void>
}

/** What went wrong names the gateway and its answer's code, never the number or the text. */
export class SmsError extends Error {
  override readonly name = 'SmsError'
}

/** A number with its country (ITU-T E.164): a plus sign and at most fifteen digits. */
export const e164 = /^\+[1-9]\d{6,14}$/

/** Four parts of a long message at most: whoever sends more has made a mistake that is paid for by the part. */
const messageSchema = z.strictObject({ to: z.string().regex(e164), text: z.string().min(1).max(600) })

export function checkMessage(message: Message): Message {
  const parsed = messageSchema.safeParse(message)
  if (parsed.success) return parsed.data
  throw new SmsError(`the message's ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')} is not in order`)
}
