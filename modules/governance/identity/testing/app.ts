/** The app on somebody's phone, made from what the QR code says. */
import { createOTP } from '@better-auth/utils/otp'
import type { IdentityNode } from './identity.ts'

/** @returns what the app shows now, or some steps of half a minute ahead */
export function appOf(node: IdentityNode, uri: string): (aheadSteps?: number) => Promise<string> {
  const text = new URL(uri).searchParams.get('secret') ?? ''
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...text].map((sign) => signs.indexOf(sign).toString(2).padStart(5, '0')).join('')
  const seed = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).toString()
  return (aheadSteps = 0) => createOTP(seed).hotp(Math.floor(node.clock.nowMs() / 30_000) + aheadSteps)
}
