/** WebCrypto, which browsers have on pages that came over HTTPS or from the machine itself. */
import type { Cryptography } from './cryptography.ts'

/** The browser cannot check anything here; that says nothing about the evidence. */
export class NoCryptography extends Error {}

/** @throws NoCryptography */
export function webCryptography(): Cryptography {
  // Typed as always there, and absent on a page that came over plain HTTP from another machine.
  const subtle = (globalThis.crypto as { readonly subtle?: typeof globalThis.crypto.subtle } | undefined)?.subtle
  if (subtle === undefined) throw new NoCryptography('a browser brings its cryptography to pages over HTTPS only')
  return {
    sha256: async (data) => new Uint8Array(await subtle.digest('SHA-256', Uint8Array.from(data))),
    sha512: async (data) => new Uint8Array(await subtle.digest('SHA-512', Uint8Array.from(data))),
    async verifyEd25519(publicKey, message, signature) {
      const key = await subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']).catch((cause: unknown) => {
        if (cause instanceof Error && cause.name === 'NotSupportedError') throw new NoCryptography('this browser has no Ed25519; a newer one has')
        return undefined
      })
      return key !== undefined && (await subtle.verify('Ed25519', key, Uint8Array.from(signature), Uint8Array.from(message)))
    },
  }
}
