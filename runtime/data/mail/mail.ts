/**
 * Letters to people at work. A letter names a rule, a count and a link; whoever is not signed in learns nothing from it.
 * Drivers promise: when `send` resolves, the letter was taken or kept; when it rejects, it may be tried again.
 */
import { z } from 'zod'

export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** `sent`: a mail server took it. `kept`: mail is off, so it lies on this machine and left for nowhere. */
export type Posted = 'sent' | 'kept'

export interface Mail {
  /** False where letters are kept and not sent. */
  readonly on: boolean
  /** @throws MailError when the letter is not in order or nobody took it */
  send(letter: Letter): Promise<Posted>
}

/** The message names the server and its answer's code, never the address or the text. */
export class MailError extends Error {
  override readonly name = 'MailError'
}

export const letterTextMax = 20_000

const letterSchema = z.strictObject({
  to: z.email().max(254),
  subject: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}]*$/u),
  text: z.string().max(letterTextMax),
})

/** One address and a subject of one line: a letter must not grow headers or recipients of its own. */
export function checkLetter(letter: Letter): Letter {
  const parsed = letterSchema.safeParse(letter)
  if (parsed.success) return parsed.data
  throw new MailError(`the letter's ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')} is not in order`)
}
