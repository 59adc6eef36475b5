/** Codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds, which is what every app knows). The arithmetic is better-auth's. */
import { createOTP } from '@better-auth/utils/otp'
import { open, seal } from '@gatehouse/crypto/aead'
import { lengthPrefixed, toBase64url, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'

const stepMs = 30_000
const digits = 6
/** A clock may be one step ahead or behind. */
const driftSteps = 1

/** 192 random bits, as text. */
export function newSeed(primitives: Primitives): string {
  return toBase64url(primitives.randomBytes(24))
}

/** What an app reads as a QR code. */
export function seedUri(seed: string, issuer: string, account: string): string {
  return createOTP(seed, { digits, period: stepMs / 1000 }).url(issuer, account)
}

/**
 * The time step whose code this is. A step up to `lastStep` is refused, so that a code that was seen over a shoulder or on the wire
 * serves nobody a second time (RFC 6238 section 5.2); better-auth's own check would take it again.
 */
export async function stepOf(primitives: Primitives, seed: string, code: string, nowMs: number, lastStep: number): Promise<number | undefined> {
  const otp = createOTP(seed, { digits, period: stepMs / 1000 })
  const current = Math.floor(nowMs / stepMs)
  let found: number | undefined
  for (let step = current - driftSteps; step <= current + driftSteps; step++) {
    if (primitives.equal(utf8(await otp.hotp(step)), utf8(code)) && step > lastStep) found = step
  }
  return found
}

export function sealText(primitives: Primitives, key: Uint8Array, factor: string, text: string): Uint8Array {
  return seal(primitives, key, utf8(text), placeOf(factor))
}

/** @throws Error where the text was moved or changed in the table */
export function openText(primitives: Primitives, key: Uint8Array, factor: string, sealed: Uint8Array | null): string {
  const opened = sealed === null ? undefined : open(primitives, key, sealed, placeOf(factor))
  const text = opened && utf8Text(opened)
  if (text === undefined) throw new Error('the secret of a factor does not open')
  return text
}

const placeOf = (factor: string) => lengthPrefixed(['gatehouse/identity/factor/v1', factor])
