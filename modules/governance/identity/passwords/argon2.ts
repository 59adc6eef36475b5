import { hash, verify } from '@node-rs/argon2'

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. */
const argon2id = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export function argon2Hash(text: string): Promise<string> {
  return hash(text, argon2id)
}

export function argon2Verify(stored: string, text: string): Promise<boolean> {
  return verify(stored, text)
}
