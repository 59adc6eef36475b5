/**
 * The root key in the transit engine of HashiCorp Vault, or of what speaks the same (OpenBao). The service encrypts and decrypts; the key stays
 * with it. The context goes along as associated data, which needs a key of type aes256-gcm96 and Vault 1.9 or later.
 */
import { fromBase64, lengthPrefixed, toBase64, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Egress, EgressAnswer } from '../egress.ts'
import { type KeyStore, KeyStoreError } from './key-store.ts'

export interface TransitInput {
  /** Such as `https://vault.example.org:8200`. */
  readonly address: string
  /** Where the engine is mounted; `transit` as a rule. */
  readonly mount: string
  readonly key: string
  readonly token: string
}

const timeoutMs = 10_000
const bytesMax = 65_536

export function transitKeyStore(egress: Pick<Egress, 'send'>, { address, mount, key, token }: TransitInput): KeyStore {
  async function ask(verb: 'encrypt' | 'decrypt', body: object): Promise<EgressAnswer> {
    return egress.send(`${address.replace(/\/$/, '')}/v1/${mount}/${verb}/${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-vault-token': token },
      body: JSON.stringify(body),
      timeoutMs,
      bytesMax,
    })
  }
  const failed = (verb: string, status: number) =>
    new KeyStoreError(
      `the key service answered "${verb}" for the key ${key} with ${status}${status === 403 ? ': the token may not use this key, or has run out' : ''}`,
    )
  return {
    kind: 'transit',
    async wrap(bare, context) {
      const answer = await ask('encrypt', { plaintext: toBase64(bare), associated_data: toBase64(lengthPrefixed(context)) })
      const text = answer.status === 200 ? dataOf(answer.body).ciphertext : undefined
      if (text === undefined) throw failed('encrypt', answer.status)
      return utf8(text)
    },
    async unwrap(wrapped, context) {
      const ciphertext = utf8Text(wrapped)
      if (ciphertext === undefined || !/^vault:v[0-9]+:[A-Za-z0-9+/=]+$/.test(ciphertext)) return undefined
      const answer = await ask('decrypt', { ciphertext, associated_data: toBase64(lengthPrefixed(context)) })
      // 400 is the service's word for a ciphertext that is not its own, or not for this context.
      if (answer.status === 400) return undefined
      const text = answer.status === 200 ? dataOf(answer.body).plaintext : undefined
      const bare = text === undefined ? undefined : fromBase64(text)
      if (bare === undefined) throw failed('decrypt', answer.status)
      return bare
    },
  }
}

function dataOf(body: string): { ciphertext?: string; plaintext?: string } {
  try {
    return (JSON.parse(body) as { data?: { ciphertext?: string; plaintext?: string } }).data ?? {}
  } catch {
    return {}
  }
}
