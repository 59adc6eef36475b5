/**
 * FITtoken: `fit1.<audience>.<scheme>.<key id>.<mac>`. Deterministic under its key, so that equal people join and nobody without the
 * key learns more than equality and frequency. Pseudonymisation, not anonymisation: whoever holds the key can enumerate.
 */
import type { Instant } from '@gatehouse/core/instant'
import { concat, fromBase64url, toBase64url, u32, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { TokenError } from './error.ts'
import { type AudienceKey, checkedName, readingKeys } from './key.ts'
import { formsVersion, type RecordFields, type Scheme, schemeReader } from './scheme.ts'

declare const fitToken: unique symbol
export type FitToken = string & { readonly [fitToken]: true }

const domain = utf8('gatehouse/linkage/fit-token/v1')

/** What is put under the key: every part with its length before it, so that no two lists make the same bytes. */
export function tokenMessage(audience: string, scheme: Scheme, values: readonly string[]): Uint8Array {
  return withValues(messageHead(audience, scheme), values)
}

function messageHead(audience: string, scheme: Scheme): Uint8Array {
  const parts = [domain, utf8(audience), utf8(scheme.id), u32(formsVersion), u32(scheme.fields.length)]
  return concat(...parts.flatMap((part) => [u32(part.length), part]))
}

/** Canonical values have at most a thousand bytes, so two bytes of their length say it all. */
function withValues(head: Uint8Array, values: readonly string[]): Uint8Array {
  const encoded = values.map(utf8)
  const message = new Uint8Array(encoded.reduce((length, value) => length + 4 + value.length, head.length))
  message.set(head)
  let at = head.length
  for (const value of encoded) {
    message[at + 2] = value.length >>> 8
    message[at + 3] = value.length & 0xff
    message.set(value, at + 4)
    at += 4 + value.length
  }
  return message
}

export type TokenOrReason = { readonly scheme: string; readonly token: FitToken } | { readonly scheme: string; readonly because: string }

/**
 * Makes the tokens of records, one for each scheme that a record has valid fields for.
 * @returns for each record, in the order of the schemes, a token or the reason why there is none
 */
export function tokenMaker(primitives: Primitives, key: AudienceKey, schemes: readonly Scheme[]): (record: RecordFields) => TokenOrReason[] {
  if (new Set(schemes.map(({ id }) => id)).size !== schemes.length) throw new TokenError('bad_scheme', 'two schemes have one id')
  const makers = schemes.map((scheme) => {
    const prefix = `fit1.${key.audience}.${scheme.id}.${key.keyId}.`
    return { id: scheme.id, prefix, read: schemeReader(scheme), head: messageHead(key.audience, scheme) }
  })
  return (record) =>
    makers.map(({ id, prefix, read, head }) => {
      const fields = read(record)
      if (fields.values === undefined) return { scheme: id, because: fields.because }
      return { scheme: id, token: (prefix + toBase64url(primitives.hmacSha256(key.key, withValues(head, fields.values)))) as FitToken }
    })
}

export interface TokenParts {
  readonly audience: string
  readonly scheme: string
  readonly keyId: string
  /** 32 bytes. */
  readonly mac: Uint8Array
}

/** @throws TokenError `malformed` */
export function parseFitToken(text: string): TokenParts {
  const [version, audience = '', scheme = '', keyId = '', encoded = '', ...more] = text.split('.')
  const mac = fromBase64url(encoded)
  if (version !== 'fit1' || more.length > 0 || mac?.length !== 32)
    throw new TokenError('malformed', 'this is no FITtoken: fit1.<audience>.<scheme>.<key id>.<mac>')
  for (const [name, what] of [
    [audience, 'an audience'],
    [scheme, 'a scheme id'],
    [keyId, 'a key id'],
  ] as const) {
    checkedName(name, what)
  }
  return { audience, scheme, keyId, mac }
}

/**
 * Whether a token may be joined on now: its audience is the one meant, and its key is in force.
 * @throws TokenError `malformed`, `other_audience`, `unknown_key`, `expired_key`
 */
export function acceptToken(text: string, audience: string, keys: readonly AudienceKey[], at: Instant): TokenParts {
  const parts = parseFitToken(text)
  if (parts.audience !== audience) throw new TokenError('other_audience', 'this token is for another audience and joins with nothing here')
  const known = keys.filter((key) => key.audience === audience && key.keyId === parts.keyId)
  if (known.length === 0) throw new TokenError('unknown_key', 'no key of this audience has the id that the token names')
  if (readingKeys(known, audience, at).length === 0)
    throw new TokenError('expired_key', 'the token’s key is not in force now; make the token anew from its source')
  return parts
}

/** Whether a token is this record's, compared in constant time. Re-identification is this, over candidates: it takes the key. */
export function isTokenOf(primitives: Primitives, key: AudienceKey, scheme: Scheme, record: RecordFields, text: string): boolean {
  const parts = parseFitToken(text)
  const read = schemeReader(scheme)(record)
  if (read.values === undefined || parts.scheme !== scheme.id || parts.keyId !== key.keyId || parts.audience !== key.audience) return false
  return primitives.equal(primitives.hmacSha256(key.key, tokenMessage(key.audience, scheme, read.values)), parts.mac)
}
