interface Letter {
  readonly subject: string
  readonly text: string
}

export interface Letters {
  /** With a code that finishes signing in. */
  code(code: string, origin: string, minutes: number): Letter
  /** The same to a telephone: plain signs, so that it is one message and not two (GSM 03.38). */
  texted(code: string, host: string, minutes: number): string
  /** With a link that sets a new password. */
  reset(link: string, minutes: number): Letter
}
