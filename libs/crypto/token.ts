/**
 * Bearer secrets: shown once, kept only as a hash. The prefix tells people and secret scanners what they have found; the rest
 * is random, so a plain SHA-256 is enough and no salt is needed.
 */
import { fromBase64url, toBase64url, utf8 } from './bytes.ts'
import type { Primitives } from './primitives.ts'

/** Random bytes behind each prefix. */
const secretLengths = {
  /** redeems one release */
  gh1_: 32,
  /** API key */
  ghk_: 24,
  /** session */
  ghs_: 32,
  /** invitation */
  ghi_: 32,
  /** a browser that is remembered */
  ghd_: 32,
  /** an offer of a credential: the pre-authorised code */
  gho_: 32,
  /** what a wallet fetches one credential with */
  ghw_: 32,
  /** the secret of an application */
  gha_: 32,
  /** a new password for one that was forgotten */
  ghr_: 32,
  /** a directory that keeps people and teams */
  ghp_: 32,
  /** fetches one file of a result */
  ghf_: 32,
  /** fetches the data of one transfer to another participant of a dataspace */
  ght_: 32,
  /** a verified answer of an identity provider, which waits for its browser */
  ghe_: 32,
  /** the first administrator's invitation */
  gh_first_: 32,
} as const

export type TokenPrefix = keyof typeof secretLengths

declare const token: unique symbol
/** A text that has the form of a token; whether anybody issued it, only its hash tells. */
export type Token = string & { readonly [token]: true }

export interface IssuedToken {
  /** To be shown once and never stored. */
  readonly token: Token
  /** 32 bytes: the only thing to store. */
  readonly hash: Uint8Array
}

export function issueToken(primitives: Primitives, prefix: TokenPrefix): IssuedToken {
  const issued = (prefix + toBase64url(primitives.randomBytes(secretLengths[prefix]))) as Token
  return { token: issued, hash: tokenHash(primitives, issued) }
}

/** `undefined` unless the text has exactly the form that `issueToken` gives, so that garbage never reaches a hash or a table. */
export function parseToken(text: string, prefix: TokenPrefix): Token | undefined {
  const secretLength = secretLengths[prefix]
  const length = prefix.length + Math.ceil((secretLength * 4) / 3)
  if (text.length !== length || !text.startsWith(prefix)) return undefined
  return fromBase64url(text.slice(prefix.length)) === undefined ? undefined : (text as Token)
}

/** SHA-256 of the token's text. */
export function tokenHash(primitives: Primitives, token: Token): Uint8Array {
  return primitives.sha256(utf8(token))
}
