interface Letter {
  readonly subject: string
  readonly text: string
}

export interface Letters {
  /** With a code that finishes signing in. */
  code(code: string, origin: string, minutes: number): Letter
  /** With a link that sets a new password. */
  reset(link: string, minutes: number): Letter
}
