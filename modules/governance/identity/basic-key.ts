import { fromBase64 } from '@gatehouse/crypto/bytes'
import { parseToken, type Token } from '@gatehouse/crypto/token'

/**
 * Spreadsheets and BI tools know HTTP Basic and no header of their own, so an API key may come as its password, whatever the user is
 * called; a person's password never. No answer names Basic as a way in, so no browser asks for one and sends it along by itself
 * (RFC 9110, section 11.6.1).
 */
export function keyInBasic(authorization: string): Token | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/=]{1,512})$/i.exec(authorization) ?? []
  const bytes = encoded === undefined ? undefined : fromBase64(encoded)
  const [, password] = /^[^:]*:(.+)$/s.exec(bytes === undefined ? '' : Buffer.from(bytes).toString('utf8')) ?? []
  return password === undefined ? undefined : parseToken(password, 'ghk_')
}
