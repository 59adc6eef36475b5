export type TokenFault = 'bad_name' | 'weak_secret' | 'bad_window' | 'no_key' | 'expired_key' | 'unknown_key' | 'other_audience' | 'malformed' | 'bad_scheme'

/** Says what is wrong with a key, a scheme or a token; never repeats an identifier, a secret or the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly code: TokenFault

  constructor(code: TokenFault, message: string) {
    super(message)
    this.code = code
  }
}
