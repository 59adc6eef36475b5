/** What an authenticator app computes (RFC 6238: SHA-1, six digits, thirty seconds), for people of the demonstration who have no phone. */
import { createHmac } from 'node:crypto'

const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** @param uri `otpauth://totp/…?secret=…`, with the secret in base32 (RFC 4648) */
export function codeOf(uri: string, nowMs: number): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const bits = [...secret].map((sign) => signs.indexOf(sign).toString(2).padStart(5, '0')).join('')
  const seed = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(nowMs / 30_000)))
  const mac = createHmac('sha1', seed).update(step).digest()
  const at = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}
