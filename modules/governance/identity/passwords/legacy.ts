/**
 * Passwords as earlier systems kept them: SHA-512 (FIPS 180-4) over salt and password. Guessing them is cheap, so they are never
 * stored as they come: what is kept is argon2id over the digest. It takes as long to check as every other password, and is
 * replaced at the first sign-in.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { argon2Hash, argon2Verify } from './argon2.ts'

/** `sha512$SALT$HEX`, where HEX is SHA-512 over the salt followed by the password, both as UTF-8; the salt may be empty. */
const given = /^sha512\$([^$\s]{0,128})\$([0-9a-fA-F]{128})$/
const kept = /^sha512\$([^$]*)(\$argon2id\$.+)$/

export const legacyHash = z.string().regex(given, 'sha512$SALT$HEX, with the SHA-512 of salt and password as 128 hexadecimal digits')

export function isLegacy(stored: string): boolean {
  return kept.test(stored)
}

/** @param hash in the form of `legacyHash` */
export async function keepLegacy(hash: string): Promise<string> {
  const [, salt = '', digest = ''] = given.exec(hash) ?? []
  return `sha512$${salt}${await argon2Hash(digest.toLowerCase())}`
}

/** Constant in time, as argon2's own comparison is. */
export async function verifyStored(stored: string, password: string): Promise<boolean> {
  const [, salt, wrapped] = kept.exec(stored) ?? []
  if (salt === undefined || wrapped === undefined) return argon2Verify(stored, password)
  return argon2Verify(wrapped, createHash('sha512').update(salt, 'utf8').update(password, 'utf8').digest('hex'))
}
